import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { layBeside } from '../../src/diagnosis/align.js';
import { causeOf } from '../../src/diagnosis/cause.js';
import type { Named } from '../../src/diagnosis/named-in-source.js';
import type { Fate } from '../../src/diagnosis/change.js';
import { CAUSES, type Cause } from '../../src/model/cause.js';
import type { RecordedPatch } from '../../src/replay/protocol.js';
import { EventHistory } from '../builders/event-history.js';
import {
  activity,
  issued,
  IssuedCommands,
  local,
  mutable,
  timer,
} from '../builders/recorded-commands.js';
import { recordedHistory } from '../builders/recorded-history.js';

interface Surroundings {
  /** What the source names below the place. */
  readonly below?: readonly Named[];
  readonly unhandledSignals?: readonly string[];
  readonly quoted?: readonly string[];
  /** What the baseline's files tell of the two commands. */
  readonly isNew?: boolean;
  readonly fate?: Fate;
}

const activityNamed = (name: string): Named => ({ command: 'ScheduleActivityTask', name });

function causeFor(
  history: EventHistory,
  code: IssuedCommands,
  patches: readonly RecordedPatch[] = [],
  { below = [], unhandledSignals = [], quoted = [], isNew, fate }: Surroundings = {},
): Cause {
  const recorded = recordedHistory(history.events);
  const { mismatch, remainder } = layBeside(recorded, code.list);
  if (mismatch === undefined) throw new Error('history and code agree');
  return causeOf({
    mismatch,
    remainder,
    commands: code.list,
    patches,
    patchGone: undefined,
    history: recorded.events.flatMap(({ command }) => command ?? []),
    received: [],
    unhandledSignals,
    standsAt: { file: 'workflows.ts', line: 1 },
    waitsInTask: undefined,
    definition: undefined,
    isNew: () => isNew,
    fateOf: () => fate,
    outlooks: () => [below],
    below: () => below,
    mentionsPatch: (id) => quoted.includes(id),
    quotedIn: () => undefined,
  });
}

/** reserve (5); after it was done: charge (11), a timer (12); after the timer: ship (17), the end (18). */
const order = (): EventHistory =>
  new EventHistory()
    .task()
    .activity('reserve')
    .activityDone()
    .task()
    .activity('charge', '2')
    .timer()
    .timerFired()
    .task()
    .activity('ship', '3')
    .completed();

const START = 3;
const SECOND = 9;
const reserved = (): IssuedCommands => new IssuedCommands().in(START, activity('reserve'));
const charged = (): IssuedCommands =>
  reserved().in(SECOND, activity('charge', { id: '2' }), timer({ id: '1' }));
const THIRD = 15;

describe('commands', () => {
  test.each<[Cause, string, IssuedCommands]>([
    [
      'command-added',
      'before one that history holds',
      reserved().in(SECOND, activity('check'), activity('charge'), timer()),
    ],
    [
      'command-added',
      'after all that history holds in the task',
      reserved().in(SECOND, activity('charge', { id: '2' }), timer({ id: '1' }), activity('log')),
    ],
    [
      'command-removed',
      'and nothing in its place',
      reserved().in(SECOND, activity('charge', { id: '2' })),
    ],
    ['command-removed', 'and the next one of the task at once', reserved().in(SECOND, timer())],
    [
      'command-removed',
      'and what follows the wait at once',
      new IssuedCommands().in(START, activity('charge', { id: '2' })),
    ],
    ['command-replaced', 'by another one', reserved().in(SECOND, activity('invoice'), timer())],
    [
      'commands-reordered',
      'within a task',
      reserved().in(SECOND, timer({ id: '1' }), activity('charge', { id: '2' })),
    ],
    [
      'identifier-differs',
      'of an activity',
      reserved().in(SECOND, activity('charge', { id: 'charge-1' }), timer()),
    ],
  ])('%s: %s', (cause, _, code) => {
    expect(causeFor(order(), code)).toBe(cause);
  });

  test('one that is waited for is added where the source goes on to what history holds, else it replaces it', () => {
    const code = (): IssuedCommands => reserved().in(SECOND, activity('check'));
    const goesOnTo = (...names: string[]) => ({ below: names.map(activityNamed) });
    expect(causeFor(order(), code(), [], goesOnTo('charge', 'ship'))).toBe('command-added');
    expect(causeFor(order(), code(), [], goesOnTo('ship'))).toBe('command-replaced');
  });

  test('command-moved: what the code still waits for before it comes to it', () => {
    const code = reserved();
    expect(causeFor(order(), code, [], { below: [activityNamed('charge')] })).toBe('command-moved');
    expect(causeFor(order(), code, [], { below: [activityNamed('ship')] })).toBe('command-removed');
  });

  test('signal-handler-missing: the code waits, and nobody took the signal', () => {
    const missing = { unhandledSignals: ['approve'], below: [activityNamed('charge')] };
    expect(causeFor(order(), reserved(), [], missing)).toBe('signal-handler-missing');
    // Code that goes on did not wait for it.
    const goesOn = reserved().in(SECOND, activity('check'));
    expect(causeFor(order(), goesOn, [], missing)).not.toBe('signal-handler-missing');
  });

  test('command-moved: before the wait that history has', () => {
    const history = new EventHistory()
      .task()
      .activity('reserve')
      .activityDone()
      .task()
      .activity('charge', '2');
    const code = new IssuedCommands().in(START, activity('reserve'), activity('charge'));
    expect(causeFor(history, code)).toBe('command-moved');
  });
});

describe('the end of the workflow', () => {
  const end = issued('CompleteWorkflowExecution');
  test.each<[Cause, IssuedCommands]>([
    ['workflow-ends-earlier', reserved().in(SECOND, end)],
    ['workflow-ends-later', charged().in(THIRD, activity('ship', { id: '3' }))],
    ['workflow-ends-later', charged().in(THIRD, activity('ship', { id: '3' }), activity('survey'))],
    [
      'workflow-ends-otherwise',
      charged().in(THIRD, activity('ship', { id: '3' }), issued('FailWorkflowExecution')),
    ],
  ])('%s', (cause, code) => {
    expect(causeFor(order(), code)).toBe(cause);
  });
});

describe('the last command before the end', () => {
  const end = issued('CompleteWorkflowExecution');
  const ended = (): IssuedCommands =>
    reserved().in(SECOND, activity('charge', { id: '2' }), timer({ id: '1', line: 3 }), end);

  test('is removed where the source does not name it any more', () => {
    expect(causeFor(order(), ended())).toBe('command-removed');
  });

  test('is not reached where the source still names it', () => {
    const below = [activityNamed('ship')];
    expect(causeFor(order(), ended(), [], { below })).toBe('workflow-ends-earlier');
  });

  test('is removed in the task of the end, also where no source names it', () => {
    const history = new EventHistory().task().activity('reserve').sideEffect().completed();
    expect(causeFor(history, new IssuedCommands().in(START, activity('reserve'), end))).toBe(
      'command-removed',
    );
    const others = new EventHistory().task().localActivity('a').localActivity('b').completed();
    expect(causeFor(others, new IssuedCommands().in(START, local('a'), end))).toBe(
      'command-removed',
    );
  });

  test('is added where history holds it by a marker; any other lets the workflow end later', () => {
    const history = (): EventHistory => new EventHistory().task().activity('reserve').completed();
    const with_ = (command: ReturnType<typeof issued>): IssuedCommands =>
      new IssuedCommands().in(START, activity('reserve'), command);
    expect(causeFor(history(), with_(local('a')))).toBe('command-added');
    expect(causeFor(history(), with_(issued('RecordMarker', 'SideEffect')))).toBe('command-added');
    expect(causeFor(history(), with_(mutable('m')))).toBe('command-added');
    expect(causeFor(history(), with_(activity('survey')))).toBe('workflow-ends-later');
  });
});

describe('local activities and side effects', () => {
  const localNamed = (name: string): Named => ({ command: 'ScheduleLocalActivity', name });
  const three = (): EventHistory =>
    new EventHistory().task().localActivity('a').localActivity('b').localActivity('c').timer();

  test.each<[Cause, string, IssuedCommands, readonly Named[]]>([
    [
      'command-removed',
      'the first, and the next is called at once',
      new IssuedCommands().in(START, local('b')),
      [localNamed('c')],
    ],
    [
      'command-removed',
      'the last, and the code goes on',
      new IssuedCommands().in(START, local('a'), local('b'), timer()),
      [],
    ],
    [
      'command-replaced',
      'by another one',
      new IssuedCommands().in(START, local('a'), local('z')),
      [localNamed('c')],
    ],
    [
      'command-replaced',
      'by an activity',
      new IssuedCommands().in(START, local('a'), activity('b')),
      [localNamed('c')],
    ],
    [
      'command-added',
      'before others',
      new IssuedCommands().in(START, local('z')),
      [localNamed('a'), localNamed('b'), localNamed('c')],
    ],
    [
      'command-added',
      'a mutable side effect before others',
      new IssuedCommands().in(START, mutable('m')),
      [localNamed('a'), localNamed('b'), localNamed('c')],
    ],
    [
      'command-moved',
      'before the other one',
      new IssuedCommands().in(START, local('b')),
      [localNamed('a'), localNamed('c')],
    ],
  ])('%s: %s', (cause, _, code, below) => {
    expect(causeFor(three(), code, [], { below })).toBe(cause);
  });

  test('command-removed: a mutable side effect before an activity', () => {
    const history = new EventHistory().task().mutableSideEffect('m').activity('charge').timer();
    const code = new IssuedCommands().in(START, activity('charge'));
    expect(causeFor(history, code)).toBe('command-removed');
  });

  test('command-removed, where the patch and the call behind it are as before', () => {
    const history = new EventHistory()
      .task()
      .localActivity('a')
      .patch('check')
      .localActivity('a')
      .activity('charge');
    const code = new IssuedCommands().in(
      START,
      issued('SetPatchMarker', 'check'),
      local('a'),
      activity('charge'),
    );
    expect(causeFor(history, code, [{ id: 'check', answer: true }])).toBe('command-removed');
  });
});

describe('patches', () => {
  const asked = (id: string, answer: boolean): RecordedPatch => ({ id, answer });
  const guarded = (): EventHistory => new EventHistory().task().patch('check').activity('check');

  test('history holds the marker of one that the code does not ask for: removed', () => {
    expect(causeFor(guarded(), new IssuedCommands().in(START, activity('check')))).toBe(
      'patch-removed',
    );
  });

  test('the code asks for another one that history never had: renamed', () => {
    const code = new IssuedCommands().in(START, activity('charge'));
    expect(causeFor(guarded(), code, [asked('fraud-check', false)])).toBe('patch-renamed');
  });

  test('the code asks for others that history has: removed', () => {
    const history = new EventHistory().task().patch('first').patch('check').activity('check');
    const code = new IssuedCommands().in(
      START,
      issued('SetPatchMarker', 'first'),
      activity('check'),
    );
    expect(causeFor(history, code, [asked('first', true)])).toBe('patch-removed');
  });

  test('the code waits before it asks: not removed', () => {
    const waits = new IssuedCommands();
    expect(causeFor(guarded(), waits, [], { quoted: ['check'] })).toBe('command-moved');
    expect(causeFor(guarded(), waits)).toBe('patch-removed');
  });

  test('another command stands before it: added, whether the code came to the patch or not', () => {
    const quoted = ['check'];
    const below = [activityNamed('check')];
    const blocked = new IssuedCommands().in(START, activity('notify', { line: 3 }));
    expect(causeFor(guarded(), blocked, [], { below, quoted })).toBe('command-added');
    expect(causeFor(guarded(), blocked, [], { below })).toBe('patch-removed');
    const later = blocked.in(SECOND, issued('SetPatchMarker', 'check'), activity('check'));
    expect(causeFor(guarded(), later, [asked('check', true)], { below })).toBe('command-added');
  });

  test('the command before it comes once more behind it: added, not moved', () => {
    const history = new EventHistory()
      .task()
      .patch('check')
      .activity('check')
      .activityDone()
      .task()
      .activity('notify');
    const code = new IssuedCommands().in(START, activity('notify', { line: 3 }));
    const below = [activityNamed('check'), activityNamed('notify')];
    expect(causeFor(history, code, [], { below, quoted: ['check'] })).toBe('command-added');
  });

  test('the code asks for it before what history holds first: moved', () => {
    const history = new EventHistory().task().activity('charge').patch('check').timer();
    const code = new IssuedCommands().in(
      START,
      issued('SetPatchMarker', 'check'),
      activity('charge'),
      timer(),
    );
    expect(causeFor(history, code, [asked('check', true)])).toBe('command-moved');
  });

  test('the code asks for it elsewhere: moved', () => {
    const code = new IssuedCommands().in(START, activity('check'));
    expect(causeFor(guarded(), code, [asked('check', true)])).toBe('command-moved');
  });

  test('the code marks one as deprecated that history never had: deprecated too early', () => {
    const code = new IssuedCommands().in(
      START,
      issued('SetPatchMarker', 'check'),
      activity('check'),
    );
    expect(causeFor(new EventHistory().task().activity('charge'), code)).toBe(
      'patch-deprecated-early',
    );
  });

  test('so it does where the SDK issues no marker for it', () => {
    const code = new IssuedCommands().in(START, activity('check'));
    const history = new EventHistory().task().activity('charge');
    const deprecated = { ...asked('check', false), deprecated: true };
    expect(causeFor(history, code, [deprecated])).toBe('patch-deprecated-early');
    expect(causeFor(history, code, [asked('check', false)])).toBe('command-replaced');
  });

  test('the code asks for the right one, and something else differs: not a matter of patches', () => {
    const code = new IssuedCommands().in(
      START,
      issued('SetPatchMarker', 'check'),
      activity('other'),
    );
    expect(causeFor(guarded(), code, [asked('check', true)])).toBe('command-replaced');
  });
});

test('an accepted update that the code does not answer: its handler is missing', () => {
  const history = new EventHistory().task().add('WORKFLOW_EXECUTION_UPDATE_ACCEPTED').timer();
  expect(causeFor(history, new IssuedCommands().in(START, timer()))).toBe('update-handler-missing');
});

describe('docs/causes', () => {
  const folder = join(import.meta.dirname, '../../docs/causes');

  test('has a page for each cause, and no other', () => {
    const pages = readdirSync(folder).filter((name) => name !== 'README.md');
    expect(pages.sort()).toEqual(CAUSES.map((cause) => `${cause}.md`).sort());
  });

  test.each(CAUSES)(
    '%s: says what it is, shows an example, and what to do; the index names it',
    (cause) => {
      const page = readFileSync(join(folder, `${cause}.md`), 'utf8');
      expect(page).toMatch(/^# .+\n\n.+\n\n## Example\n\n[^]+\n\n## What to do\n\n[^]+\n$/u);
      expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain(`(${cause}.md)`);
    },
  );
});
