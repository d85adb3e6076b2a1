import { describe, expect, test } from '@jest/globals';
import { align, layPassedBeside, type Mismatch } from '../../src/diagnosis/align.js';
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

function aligned(history: EventHistory, commands: IssuedCommands): Mismatch | undefined {
  return align(recordedHistory(history.events), commands.list);
}

/** The mismatch in one line: its kind, the event in history, and the command of the code. */
function found(history: EventHistory, commands: IssuedCommands): string {
  const mismatch = aligned(history, commands);
  switch (mismatch?.kind) {
    case undefined:
      return 'agree';
    case 'differs':
      return `${mismatch.expected.event.eventId} differs from ${mismatch.issued.command} ${mismatch.issued.name}`.trimEnd();
    case 'missing':
      return `${mismatch.expected.event.eventId} is missing`;
    case 'extra':
      return `${mismatch.issued.command} ${mismatch.issued.name} is extra in ${mismatch.taskStartedEventId}`;
  }
}

/** charge (5), timer (6); after the timer fired: ship (11). */
const order = (): EventHistory =>
  new EventHistory().task().activity('charge').timer().timerFired().task().activity('ship', '2');

describe('a local activity that the code waits for', () => {
  const format = local('format');

  test('is where both part, when history holds no result of it', () => {
    const code = new IssuedCommands().in(3, format);
    expect(found(order(), code)).toBe('5 differs from ScheduleLocalActivity format');
  });

  test('is not to blame for a command behind it, when history holds its result', () => {
    const history = new EventHistory().task().localActivity('format').timer();
    expect(found(history, new IssuedCommands().in(3, format))).toBe('6 is missing');
  });

  test('is told from an earlier one of its type by the number of results', () => {
    const history = new EventHistory().task().localActivity('format').timer();
    const code = new IssuedCommands().in(3, format, format);
    expect(found(history, code)).toBe('6 differs from ScheduleLocalActivity format');
  });

  test('is not to blame, when it was called in an earlier task', () => {
    const code = new IssuedCommands().in(3, format, activity('charge'), timer());
    expect(found(order(), code)).toBe('11 is missing');
  });

  test('cannot be told from others where results do not say what they are of', () => {
    const history = new EventHistory().task().localActivity().timer();
    expect(found(history, new IssuedCommands().in(3, format))).toBe('6 is missing');
  });
});

describe('local activities, by their markers', () => {
  const code = (...names: string[]): IssuedCommands =>
    new IssuedCommands().in(3, ...names.map((name) => local(name)));
  const history = (...names: string[]): EventHistory =>
    names.reduce((so, name) => so.localActivity(name), new EventHistory().task());

  test('agree in their order, and side by side in whichever order they end', () => {
    expect(found(history('a', 'b'), code('a', 'b'))).toBe('agree');
    expect(found(history('b', 'a'), code('a', 'b'))).toBe('agree');
  });

  test('agree where they end among other commands, or in a later task', () => {
    const among = new EventHistory()
      .task()
      .localActivity('a')
      .timer()
      .localActivity('b')
      .task()
      .localActivity('c');
    const calls = new IssuedCommands().in(3, local('a'), local('b'), local('c'), timer());
    expect(found(among, calls)).toBe('agree');
    // Its marker cannot stand before what the code asked for first.
    const late = new IssuedCommands().in(3, timer(), local('a'), local('b'), local('c'));
    expect(found(among, late)).toBe('5 differs from StartTimer');
  });

  test('part at the first one that is gone', () => {
    expect(found(history('a', 'b', 'c'), code('b', 'c'))).toBe(
      '5 differs from ScheduleLocalActivity b',
    );
    expect(found(history('a', 'b', 'c'), code('a', 'b'))).toBe('7 is missing');
    const mixed = new EventHistory().task().localActivity('a').activity('charge');
    expect(found(mixed, new IssuedCommands().in(3, activity('charge')))).toBe(
      '5 differs from ScheduleActivityTask charge',
    );
  });

  test('part where another one is called, although others run beside it', () => {
    expect(found(history('a', 'b'), code('a', 'c'))).toBe('6 differs from ScheduleLocalActivity c');
    const withBehind = history('a').timer();
    expect(found(withBehind, new IssuedCommands().in(3, local('z'), timer()))).toBe(
      '5 differs from ScheduleLocalActivity z',
    );
  });

  test('part at one that is called last and never ended', () => {
    const waiting = order().task();
    const calls = new IssuedCommands()
      .in(3, activity('charge'), timer())
      .in(9, activity('ship'), local('a'));
    expect(found(waiting, calls)).toBe('ScheduleLocalActivity a is extra in 9');
    // Code that goes on has not waited for it.
    expect(found(waiting, calls.in(13, timer()))).toBe('StartTimer  is extra in 13');
  });

  test.each([
    ['Go', 'is tried again after a timer with one call', 'agree'],
    ['a core', 'is called again by the code', '7 is missing'],
  ])('of %s: one that failed %s', (sdk, _, expected) => {
    const retried =
      sdk === 'Go'
        ? new EventHistory().task().goLocalActivity('a', 5).timer().goLocalActivity('a')
        : new EventHistory().task().localActivity('a').timer().localActivity('a');
    expect(found(retried, new IssuedCommands().in(3, local('a'), timer()))).toBe(expected);
  });
});

describe('mutable side effects', () => {
  const valued = (): EventHistory => new EventHistory().task().mutableSideEffect('m').timer();

  test('agree, and further calls write a marker only for another value', () => {
    const again = valued().timerFired().task().mutableSideEffect('m').activity('ship');
    const code = (): IssuedCommands => new IssuedCommands().in(3, mutable('m'), timer());
    expect(found(valued(), code())).toBe('agree');
    expect(found(valued(), new IssuedCommands().in(3, mutable('m'), mutable('m'), timer()))).toBe(
      'agree',
    );
    const changed = code().in(9, mutable('m'), mutable('m'), activity('ship'));
    expect(found(again, changed)).toBe('agree');
    expect(found(again, code().in(9, activity('ship')))).toBe(
      '11 differs from ScheduleActivityTask ship',
    );
  });

  test('part at a first call that wrote none, and at a marker without a call', () => {
    const timers = new EventHistory().task().timer();
    expect(found(timers, new IssuedCommands().in(3, mutable('m'), timer()))).toBe(
      '5 differs from RecordMarker MutableSideEffect m',
    );
    expect(found(valued(), new IssuedCommands().in(3, timer()))).toBe('5 differs from StartTimer');
    expect(found(valued(), new IssuedCommands().in(3, mutable('n'), timer()))).toBe(
      '5 differs from RecordMarker MutableSideEffect n',
    );
  });

  test('do not end the pairs of a replay that passed', () => {
    const passed = (history: EventHistory, code: IssuedCommands) =>
      layPassedBeside(recordedHistory(history.events), code.list).mismatch;
    expect(passed(valued(), new IssuedCommands().in(3, timer()))).toBeUndefined();
    const timers = new EventHistory().task().timer();
    expect(passed(timers, new IssuedCommands().in(3, mutable('m'), timer()))).toBeUndefined();
  });
});

describe('history and code agree', () => {
  test('when each task issued what history holds, in its order', () => {
    const code = new IssuedCommands().in(3, activity('charge'), timer()).in(9, activity('ship'));
    expect(found(order(), code)).toBe('agree');
  });

  test('when history holds no completed task', () => {
    expect(found(new EventHistory().openTask(), new IssuedCommands().in(3, timer()))).toBe('agree');
  });

  test('about commands of a task that is still open', () => {
    const code = new IssuedCommands().in(3, activity('charge'), timer()).in(9, activity('ship'));
    expect(found(order().openTask(), code.in(13, timer()))).toBe('agree');
  });

  test.each([
    ['a command that was withdrawn before it was sent', timer({ elided: true })],
    [
      'a local activity, whose marker is written when it ends',
      issued('ScheduleLocalActivity', 'x'),
    ],
    ['the rejection of an update', issued('UpdateResponse', 'rejected')],
    ['a deprecated patch, whose marker history need not hold', issued('SetPatchMarker', 'p')],
  ])('without looking at %s', (_, command) => {
    for (const commands of [
      [command, activity('charge'), timer()],
      [activity('charge'), command, timer()],
      [activity('charge'), timer(), command],
    ]) {
      const code = new IssuedCommands().in(3, ...commands).in(9, activity('ship'));
      expect(found(order(), code)).toBe('agree');
    }
  });

  test("about a local activity's marker that does not say what it is of", () => {
    const history = new EventHistory().task().localActivity().timer();
    expect(found(history, new IssuedCommands().in(3, local('x'), timer()))).toBe('agree');
  });

  test.each([
    ['a number', '7'],
    ['a UUID', '67a81546-1f91-31ea-b9d6-454c12894a28'],
    ['a run with a number', '67a81546-1f91-31ea-b9d6-454c12894a28_3'],
  ])('where the code leaves the ID to the SDK, and history holds %s', (_, id) => {
    const history = new EventHistory().task().child('refund', id);
    const code = issued('StartChildWorkflowExecution', 'refund', { id: '' });
    expect(found(history, new IssuedCommands().in(3, code))).toBe('agree');
  });

  test('about a patch and the search attribute beside its marker', () => {
    const history = new EventHistory().task().patch('p').timer();
    const code = new IssuedCommands().in(3, issued('SetPatchMarker', 'p'), timer());
    expect(found(history, code)).toBe('agree');
  });

  test('about a deprecated patch that the code no longer knows', () => {
    const history = new EventHistory().task().patch('p', true).timer();
    expect(found(history, new IssuedCommands().in(3, timer()))).toBe('agree');
  });

  test('when timers carry other numbers', () => {
    const history = new EventHistory().task().timer('7');
    expect(found(history, new IssuedCommands().in(3, timer({ id: '1' })))).toBe('agree');
  });

  test('when a child is cancelled, which history holds as an external cancellation', () => {
    const history = new EventHistory()
      .task()
      .add('REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED');
    const code = new IssuedCommands().in(3, issued('CancelChildWorkflowExecution'));
    expect(found(history, code)).toBe('agree');
  });

  test('about accepted and completed updates', () => {
    const history = new EventHistory()
      .task()
      .add('WORKFLOW_EXECUTION_UPDATE_ACCEPTED')
      .activity('charge')
      .add('WORKFLOW_EXECUTION_UPDATE_COMPLETED');
    const code = new IssuedCommands().in(
      3,
      issued('UpdateResponse', 'accepted'),
      activity('charge'),
      issued('UpdateResponse', 'completed'),
    );
    expect(found(history, code)).toBe('agree');
  });
});

describe('history and code differ', () => {
  test('where the command is another one', () => {
    const code = new IssuedCommands().in(3, timer(), activity('charge'));
    expect(found(order(), code)).toBe('5 differs from StartTimer');
  });

  test('where the activity is another one', () => {
    const code = new IssuedCommands().in(3, activity('chargeCard'), timer());
    expect(found(order(), code)).toBe('5 differs from ScheduleActivityTask chargeCard');
  });

  test.each([
    [
      'activity ID',
      new EventHistory().task().activity('charge', 'a'),
      activity('charge', { id: 'b' }),
    ],
    [
      'child workflow ID',
      new EventHistory().task().child('refund', 'a'),
      issued('StartChildWorkflowExecution', 'refund', { id: 'b' }),
    ],
    [
      'activity ID, which the code no longer gives,',
      new EventHistory().task().activity('charge', 'charge-1'),
      activity('charge', { id: '' }),
    ],
    [
      'child workflow type',
      new EventHistory().task().child('refund'),
      issued('StartChildWorkflowExecution', 'audit', { id: 'child-1' }),
    ],
  ])('where the %s is another one', (_, history, command) => {
    expect(found(history, new IssuedCommands().in(3, command))).toMatch(/^5 differs from/u);
  });

  test('where a patch that history holds is gone from the code', () => {
    const history = new EventHistory().task().patch('p').timer();
    expect(found(history, new IssuedCommands().in(3, timer()))).toBe('5 differs from StartTimer');
    expect(found(history, new IssuedCommands())).toBe('5 is missing');
  });

  test('where the code asks for a patch before the command that history holds first', () => {
    const history = new EventHistory().task().localActivity('format').patch('p').timer();
    const code = new IssuedCommands().in(3, issued('SetPatchMarker', 'p'), local('format'));
    expect(found(history, code)).toBe('5 differs from SetPatchMarker p');
  });

  test('where a patch has another name', () => {
    const history = new EventHistory().task().patch('p');
    expect(found(history, new IssuedCommands().in(3, issued('SetPatchMarker', 'q')))).toBe(
      '5 is missing',
    );
  });

  test('where search attributes are upserted that accompany no patch', () => {
    const history = new EventHistory().task().add('UPSERT_WORKFLOW_SEARCH_ATTRIBUTES', {
      upsertWorkflowSearchAttributesEventAttributes: {
        searchAttributes: { indexedFields: { Customer: {} } },
      },
    });
    expect(found(history, new IssuedCommands().in(3, timer()))).toBe('5 differs from StartTimer');
  });

  test('in a later task', () => {
    const code = new IssuedCommands().in(3, activity('charge'), timer()).in(9, timer());
    const mismatch = aligned(order(), code);
    expect(found(order(), code)).toBe('11 differs from StartTimer');
    expect(mismatch?.lastAgreeing).toMatchObject({ command: 'StartTimer', historyLength: 3 });
  });

  test('where a command moved to an earlier task', () => {
    const code = new IssuedCommands().in(3, activity('charge'), activity('ship'), timer());
    expect(found(order(), code)).toBe('6 differs from ScheduleActivityTask ship');
  });
});

describe('the code misses a command', () => {
  test('that history holds at the end of a task', () => {
    const code = new IssuedCommands().in(3, activity('charge')).in(9, activity('ship'));
    expect(found(order(), code)).toBe('6 is missing');
    expect(aligned(order(), code)?.lastAgreeing).toMatchObject({ name: 'charge' });
  });

  test('before any other', () => {
    expect(found(order(), new IssuedCommands())).toBe('5 is missing');
    expect(aligned(order(), new IssuedCommands())?.lastAgreeing).toBeUndefined();
  });

  test('that it issues in a later task only', () => {
    const code = new IssuedCommands().in(3, activity('charge')).in(9, timer(), activity('ship'));
    expect(found(order(), code)).toBe('6 is missing');
  });
});

describe('the code issues one command too many', () => {
  test('at the end of a task, and the next one in history is named', () => {
    const code = new IssuedCommands()
      .in(3, activity('charge'), timer(), activity('notify'))
      .in(9, activity('ship'));
    const mismatch = aligned(order(), code);
    expect(found(order(), code)).toBe('ScheduleActivityTask notify is extra in 3');
    expect(mismatch?.kind === 'extra' && mismatch.next && mismatch.next.event.eventId).toBe(11);
  });

  test('in a task in which history holds none, which may be the last', () => {
    const history = order().task();
    const code = new IssuedCommands()
      .in(3, activity('charge'), timer())
      .in(9, activity('ship'))
      .in(13, timer());
    const mismatch = aligned(history, code);
    expect(mismatch).toMatchObject({ kind: 'extra', taskStartedEventId: 13 });
    expect(mismatch?.kind === 'extra' && mismatch.next).toBeUndefined();
  });

  test('behind a deprecated patch', () => {
    const code = new IssuedCommands().in(
      3,
      activity('charge'),
      timer(),
      issued('SetPatchMarker', 'p'),
      timer(),
    );
    expect(found(order(), code)).toBe('StartTimer  is extra in 3');
  });
});

describe('a version that the code asks for before history holds it', () => {
  test('is passed over, because Go and Java look for it ahead', () => {
    const history = new EventHistory().task().timer().version('check').activity('ship');
    const asked = issued('SetPatchMarker', 'check');
    const code = new IssuedCommands().in(3, asked, timer(), activity('ship'));
    expect(found(history, code)).toBe('agree');
    expect(found(history, new IssuedCommands().in(3, asked, timer()))).toBe('6 is missing');
  });
});

describe('a version that the code does not ask for', () => {
  const versioned = (next: string): EventHistory =>
    new EventHistory().task().version('check').activity(next);

  test('is passed over where what follows is the same', () => {
    const code = new IssuedCommands().in(3, activity('ship'));
    expect(found(versioned('ship'), code)).toBe('agree');
  });

  test('is where both part, when what stands behind it differs', () => {
    const code = new IssuedCommands().in(3, activity('ship'));
    expect(found(versioned('charge'), code)).toBe('5 differs from ScheduleActivityTask ship');
    expect(found(versioned('charge'), new IssuedCommands().in(3))).toBe('5 is missing');
  });

  test('is not to blame where it was asked for', () => {
    const code = new IssuedCommands().in(3, issued('SetPatchMarker', 'check'), activity('ship'));
    expect(found(versioned('charge'), code)).toBe('6 differs from ScheduleActivityTask ship');
  });
});
