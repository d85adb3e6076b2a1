import { afterAll, describe, expect, test } from '@jest/globals';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { type Failure, type UnweighedFinding } from '../../src/diagnosis/failure.js';
import { EventHistory } from '../builders/event-history.js';
import { aClosedExecution, anExecution } from '../builders/executions.js';
import { aFailure, type FailureChanges } from '../builders/failures.js';
import { activity, issued, IssuedCommands, timer } from '../builders/recorded-commands.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';
import { itemAt } from '../builders/item-at.js';
import { temporalReader } from '../../src/temporal/reader.js';

const workspace = new WorkspaceFolder();
afterAll(() => workspace.remove());

const source = workspace.file('src/workflows.ts');
const at = (line: number) => ({ file: source, line });

/** charge (5), then a timer (6). */
const history = (): EventHistory =>
  new EventHistory()
    .task({ workerVersion: { buildId: 'v1.0' } })
    .activity('charge')
    .timer();

const shipsInstead = (): IssuedCommands =>
  new IssuedCommands().in(3, activity('ship', at(17)), timer());

/** A failure with another activity where history holds `charge`. */
const shipped = (changes: FailureChanges = {}): Failure =>
  aFailure({ recorded: { history: history(), commands: shipsInstead() }, ...changes });

function only(...failures: Failure[]): UnweighedFinding {
  const findings = diagnose(failures, { workspace: workspace.path }, temporalReader);
  if (findings.length !== 1) throw new Error(`${findings.length} findings`);
  return itemAt(findings, 0);
}

describe('where history and code part', () => {
  test('another command is told with both, and with its own line', () => {
    const finding = only(shipped());
    expect(finding).toMatchObject({
      outcome: 'nondeterministic',
      workflowType: 'orderWorkflow',
      divergence: {
        kind: 'differs',
        event: { eventId: 5, type: 'ActivityTaskScheduled', words: 'activity charge' },
        command: 'activity ship',
        location: { file: 'src/workflows.ts', line: 17 },
      },
    });
    expect(finding.headline).toBe(
      'The code issues activity ship here, where history holds activity charge (event 5, ActivityTaskScheduled).',
    );
    expect(finding.remedy).toContain("if (patched('change-ship')) { the new code }");
  });

  test('a completion, which has no line, is told with the line of the command before it', () => {
    const commands = new IssuedCommands().in(
      3,
      activity('charge', at(17)),
      issued('CompleteWorkflowExecution'),
    );
    const finding = only(aFailure({ recorded: { history: history(), commands } }));
    expect(finding.divergence).toMatchObject({
      kind: 'differs',
      command: "the workflow's completion",
      location: { line: 17 },
    });
  });

  test("an update's answer that tells its handler's line itself is told with that", () => {
    const commands = new IssuedCommands().in(3, {
      ...issued('UpdateResponse', 'completed'),
      ...at(17),
    });
    const finding = only(aFailure({ recorded: { history: history(), commands } }));
    expect(finding.divergence).toMatchObject({
      command: "an update's completion",
      location: { line: 17 },
    });
  });

  test('what it called last may be a local activity, of which history holds no command', () => {
    const local = (line: number): ReturnType<typeof issued> =>
      issued('ScheduleLocalActivity', 'draw', at(line));
    const commands = new IssuedCommands().in(
      3,
      local(15),
      activity('charge', at(17)),
      local(19),
      issued('CompleteWorkflowExecution'),
      local(23),
    );
    const finding = only(aFailure({ recorded: { history: history(), commands } }));
    expect(finding.divergence).toMatchObject({
      command: "the workflow's completion",
      location: { line: 19 },
    });
  });

  test('a patch that has another name is told where the code asks for it, not where that leads', () => {
    const recorded = {
      history: new EventHistory().task().patch('check-fraud').activity('checkFraud').timer(),
      commands: new IssuedCommands().in(3, timer(at(21))),
      patches: [
        { id: 'pack-well', answer: false, ...at(9) },
        { id: 'fraud-check', answer: false, ...at(17) },
      ],
    };
    expect(only(aFailure({ recorded }))).toMatchObject({
      cause: 'patch-renamed',
      divergence: { location: { line: 17 } },
    });
  });

  test('a missing command is told with the line of the last one on which both agree', () => {
    const commands = new IssuedCommands().in(3, activity('charge', at(17)));
    const finding = only(aFailure({ recorded: { history: history(), commands } }));
    expect(finding.divergence).toEqual({
      kind: 'missing-command',
      event: { eventId: 6, type: 'TimerStarted', words: 'a timer' },
      lastAgreeing: 'activity charge',
      location: { file: 'src/workflows.ts', line: 17 },
    });
    expect(finding.headline).toBe(
      'History holds a timer (event 6, TimerStarted), which the code does not issue. ' +
        'Both agree up to activity charge, issued here.',
    );
    expect(finding.remedy).toContain("put it back as if (!patched('change-timer'))");
  });

  test('a missing first command has no line', () => {
    const finding = only(
      aFailure({ recorded: { history: history(), commands: new IssuedCommands() } }),
    );
    expect(finding.divergence).not.toHaveProperty('location');
    expect(finding.headline).toContain('They diverge before the first command.');
  });

  test('a command too many is told with its line, its task, and how history goes on', () => {
    const commands = new IssuedCommands().in(3, activity('charge'), timer(), timer(at(21)));
    const longer = history().timerFired().task().activity('ship');
    const finding = only(aFailure({ recorded: { history: longer, commands } }));
    expect(finding.divergence).toEqual({
      kind: 'extra-command',
      command: 'a timer',
      taskStartedEventId: 3,
      next: { eventId: 11, type: 'ActivityTaskScheduled', words: 'activity ship' },
      location: { file: 'src/workflows.ts', line: 21 },
    });
    expect(finding.headline).toContain(
      'no further command in that workflow task (started by event 3)',
    );
    expect(finding.headline).toContain('goes on with activity ship (event 11');
  });

  test('a line outside of the checkout is left out', () => {
    const commands = new IssuedCommands().in(
      3,
      activity('ship', { file: '/usr/lib/x.js', line: 1 }),
    );
    const finding = only(aFailure({ recorded: { history: history(), commands } }));
    expect(finding.divergence).not.toHaveProperty('location');
  });

  test("where the record shows no difference, the SDK's event is told", () => {
    const commands = new IssuedCommands().in(3, activity('charge'), timer());
    const finding = only(aFailure({ recorded: { history: history(), commands } }));
    expect(finding.divergence).toEqual({
      kind: 'unlocated',
      event: { eventId: 5, type: 'ActivityTaskScheduled', words: 'activity charge' },
    });
  });

  test('so it is where the SDK stopped before the code came to what is missing', () => {
    const longer = history().timerFired().task().activity('ship').completed();
    const commands = new IssuedCommands().in(3, activity('charge'), timer());
    const stopped = (message: string): UnweighedFinding =>
      only(aFailure({ message, recorded: { history: longer, commands } }));
    const early = stopped('lookup failed for scheduledEventID to activityID: scheduleEventID: 5');
    expect(early).toMatchObject({
      cause: 'unknown',
      divergence: { kind: 'unlocated', event: { eventId: 5 } },
    });
    const there = stopped('lookup failed for scheduledEventID to activityID: scheduleEventID: 11');
    expect(there).toMatchObject({
      cause: 'command-removed',
      divergence: { kind: 'missing-command', event: { eventId: 11 } },
    });
  });

  test('where a replayer records nothing, too', () => {
    expect(only(aFailure({ recorded: { history: history() } })).divergence).toMatchObject({
      kind: 'unlocated',
      event: { eventId: 5 },
    });
  });

  test("without a second replay the SDK's words are what is known", () => {
    const finding = only(aFailure());
    expect(finding.divergence).toEqual({ kind: 'unlocated' });
    expect(finding.headline).toBe(
      "The code's commands do not match history: No command scheduled for event 5 (ActivityTaskScheduled)",
    );
  });
});

describe('the code throws', () => {
  test('is told with its message and its line', () => {
    const finding = only(
      aFailure({ kind: 'task-failed', message: 'TypeError: order is undefined', frame: at(9) }),
    );
    expect(finding).toMatchObject({
      outcome: 'task-failed',
      divergence: { kind: 'threw', location: { file: 'src/workflows.ts', line: 9 } },
    });
    expect(finding.headline).toContain('TypeError: order is undefined');
    expect(finding.remedy).toContain('retry it for ever');
  });

  test('a workflow type that is not registered is told as such', () => {
    const finding = only(
      aFailure({
        kind: 'task-failed',
        message:
          "Failed to initialize workflow of type 'orderWorkflow': no such function is exported",
      }),
    );
    expect(finding.headline).toBe(
      'The code registers no workflow type orderWorkflow, but executions of it exist.',
    );
    expect(finding.remedy).toContain('Export orderWorkflow');
  });
});

describe('failures of one cause are one finding', () => {
  test('that holds all executions, whatever their event IDs are', () => {
    const later = new EventHistory()
      .add('WORKFLOW_EXECUTION_SIGNALED')
      .task()
      .activity('charge')
      .timer();
    const commands = new IssuedCommands().in(4, activity('ship', at(17)), timer());
    const finding = only(
      shipped(),
      shipped(),
      aFailure({ recorded: { history: later, commands } }),
    );
    expect(finding.executions).toHaveLength(3);
  });

  test('also when only some were replayed a second time', () => {
    const unrecorded = (): Failure => aFailure({ history: history() });
    const finding = only(unrecorded(), shipped(), unrecorded());
    expect(finding.executions).toHaveLength(3);
    expect(finding.divergence.kind).toBe('differs');
  });

  test('also when none was, but the SDK says the same but for its numbers', () => {
    const said = (id: number) =>
      `Nondeterminism error: No command for HistoryEvent(id: ${id}, TimerStarted)`;
    expect(
      only(aFailure({ message: said(5) }), aFailure({ message: said(11) })).executions,
    ).toHaveLength(2);
  });

  describe('of an edit at the end, whether the execution has ended or waits there', () => {
    const done = (): EventHistory => history().timerFired().task();
    const upTo = (): IssuedCommands =>
      new IssuedCommands().in(3, activity('charge'), timer(at(17)));
    const end = issued('CompleteWorkflowExecution');

    test.each<[string, Failure, Failure, object]>([
      [
        'something is added',
        aFailure({
          recorded: {
            history: done().completed(),
            commands: upTo().in(9, activity('survey', at(21))),
          },
        }),
        aFailure({
          recorded: { history: done(), commands: upTo().in(9, activity('survey', at(21))) },
        }),
        {
          cause: 'command-added',
          divergence: { kind: 'extra-command', command: 'activity survey', location: { line: 21 } },
        },
      ],
      [
        'something is removed',
        aFailure({
          recorded: {
            history: done().localActivity('survey').completed(),
            commands: upTo().in(9, end),
          },
        }),
        aFailure({
          message: 'Nondeterminism error: No command scheduled for event 11',
          recorded: { history: done().localActivity('survey'), commands: upTo() },
        }),
        {
          cause: 'command-removed',
          divergence: { event: { words: 'local activity survey' }, location: { line: 17 } },
        },
      ],
    ])('%s', (_, ended, waits, expected) => {
      for (const failures of [
        [ended, waits],
        [waits, ended],
      ]) {
        const finding = only(...failures);
        expect(finding.executions).toHaveLength(2);
        expect(finding).toMatchObject(expected);
      }
    });
  });

  test.each<[string, Failure]>([
    ['workflow types', shipped({ execution: anExecution({ workflowType: 'refundWorkflow' }) })],
    ['outcomes', aFailure({ kind: 'task-failed' })],
    [
      'lines',
      aFailure({
        recorded: {
          history: history(),
          commands: new IssuedCommands().in(3, activity('ship', at(18)), timer()),
        },
      }),
    ],
    [
      'commands',
      aFailure({
        recorded: {
          history: history(),
          commands: new IssuedCommands().in(3, activity('pack', at(17)), timer()),
        },
      }),
    ],
    [
      'events',
      aFailure({
        recorded: {
          history: new EventHistory().task().activity('bill').timer(),
          commands: shipsInstead(),
        },
      }),
    ],
  ])('other %s make another finding', (_, other) => {
    expect(
      diagnose([shipped(), other], { workspace: workspace.path }, temporalReader),
    ).toHaveLength(2);
  });

  test.each([
    ['a throw', aFailure({ kind: 'task-failed', message: 'TypeError: x' }), 'RangeError: y'],
    ['a mismatch', aFailure({ message: 'Timer fired event did not have it' }), 'Change id differs'],
  ])('without a place, other words of %s make another finding', (_, failure, message) => {
    const other = aFailure({ kind: failure.outcome.kind, message });
    expect(diagnose([failure, other], { workspace: workspace.path }, temporalReader)).toHaveLength(
      2,
    );
  });

  test('without a place, the same words about other IDs make one finding', () => {
    const said = (id: string): Failure =>
      aFailure({ kind: 'task-failed', message: `Error: no order ${id}, attempt 3` });
    expect(
      only(
        said('12f3a6de-0c1b-4f6e-9a51-0d8e2b7c4f10'),
        said('98f3a6de-0c1b-4f6e-9a51-0d8e2b7c4f99'),
        said('7'),
      ).executions,
    ).toHaveLength(3);
  });

  test('the one with most executions comes first', () => {
    const threw = (): Failure => aFailure({ kind: 'task-failed', message: 'TypeError: x' });
    const findings = diagnose(
      [shipped(), threw(), threw()],
      { workspace: workspace.path },
      temporalReader,
    );
    expect(findings.map((finding) => finding.executions.length)).toEqual([2, 1]);
  });
});

describe('the build that completed the diverging task', () => {
  const twoBuilds = (): EventHistory =>
    new EventHistory()
      .task({ workerVersion: { buildId: 'v1.0' } })
      .activity('charge')
      .activityDone()
      .task({ workerVersion: { buildId: 'v1.1' } })
      .timer();

  function buildOf(history: EventHistory, commands?: IssuedCommands, message?: string) {
    const execution = aClosedExecution();
    const recorded = commands === undefined ? { history } : { history, commands };
    const failure = aFailure({
      execution,
      recorded,
      ...(message === undefined ? {} : { message }),
    });
    return only(failure).divergingTasks.get(execution)?.buildId;
  }

  test('is that of the task which left the event', () => {
    const charge = activity('charge');
    expect(buildOf(twoBuilds(), new IssuedCommands().in(3, timer()))).toBe('v1.0');
    expect(buildOf(twoBuilds(), new IssuedCommands().in(3, charge).in(9, charge))).toBe('v1.1');
  });

  test('is that of the task which has a command too many', () => {
    const commands = new IssuedCommands().in(3, activity('charge'), timer()).in(9, timer());
    expect(buildOf(twoBuilds(), commands)).toBe('v1.0');
  });

  test("is that of the SDK's event where the record shows nothing", () => {
    const said = (id: number) => `Nondeterminism error: HistoryEvent(id: ${id}, X)`;
    expect(buildOf(twoBuilds(), undefined, said(5))).toBe('v1.0');
    expect(buildOf(twoBuilds(), undefined, said(11))).toBe('v1.1');
  });

  test("without a second replay, it is that of the SDK's event", () => {
    const execution = aClosedExecution();
    const message = 'Nondeterminism error: HistoryEvent(id: 5, X)';
    const failure = aFailure({ execution, message, history: twoBuilds() });
    expect(only(failure).divergingTasks.get(execution)?.buildId).toBe('v1.0');
  });

  test('is not known where the SDK names no event either', () => {
    const execution = aClosedExecution();
    const failure = aFailure({ execution, message: 'Change id differs', history: twoBuilds() });
    expect(only(failure).divergingTasks.get(execution)).toEqual({});
  });
});

describe('with a baseline', () => {
  const baseline = new WorkspaceFolder();
  afterAll(() => baseline.remove());
  const old = baseline.file('src/workflows.ts');
  const checkouts = { workspace: workspace.path, baseline: baseline.path };
  const passing = (commands: IssuedCommands): NonNullable<Failure['baseline']> => ({
    relation: 'introduced',
    recorded: { type: 'result', id: '1', outcome: 'passed', commands: commands.list },
  });
  const charged = new IssuedCommands().in(
    3,
    activity('charge', { file: old, line: 12 }),
    timer({ file: old, line: 13 }),
  );

  test('the old line is that of the command which left the event', () => {
    const [finding] = diagnose(
      [{ ...shipped(), baseline: passing(charged) }],
      checkouts,
      temporalReader,
    );
    expect(finding?.baseline).toEqual({
      relation: 'introduced',
      words: 'activity charge',
      location: { file: 'src/workflows.ts', line: 12 },
    });
    expect(finding?.divergence).toMatchObject({ location: { line: 17 } });
  });

  test('for a missing command too', () => {
    const commands = new IssuedCommands().in(3, activity('charge', at(17)));
    const failure = aFailure({ recorded: { history: history(), commands } });
    const [finding] = diagnose(
      [{ ...failure, baseline: passing(charged) }],
      checkouts,
      temporalReader,
    );
    expect(finding?.baseline).toMatchObject({ words: 'a timer', location: { line: 13 } });
  });

  test('where the code issues more than history holds, the baseline goes on with what history holds next', () => {
    const twoTasks = new EventHistory().task().activity('charge').task().timer();
    const commands = new IssuedCommands().in(3, activity('charge', at(17)), timer(at(18)));
    const failure = aFailure({ recorded: { history: twoTasks, commands } });
    const [finding] = diagnose(
      [{ ...failure, baseline: passing(charged) }],
      checkouts,
      temporalReader,
    );
    expect(finding?.divergence.kind).toBe('extra-command');
    expect(finding?.baseline?.words).toMatch(
      /nothing more in that workflow task, and goes on with/u,
    );
  });

  test('what it shares and what it does not are two findings at one place', () => {
    const findings = diagnose(
      [
        { ...shipped(), baseline: passing(charged) },
        { ...shipped(), baseline: { relation: 'pre-existing' } },
        { ...shipped(), baseline: { relation: 'fails-otherwise', message: 'RangeError: x' } },
        { ...shipped(), baseline: { relation: 'not-compared', message: 'it did not end' } },
        shipped(),
      ],
      checkouts,
      temporalReader,
    );
    expect(
      findings.map(({ baseline: view, executions }) => [view?.relation, executions.length]),
    ).toEqual(
      expect.arrayContaining([
        ['introduced', 1],
        ['pre-existing', 1],
        ['fails-otherwise', 1],
        ['not-compared', 2],
      ]),
    );
    expect(findings.map(({ baseline: view }) => view?.words).join('; ')).toContain(
      'breaks too, in another way: RangeError: x',
    );
  });
});
