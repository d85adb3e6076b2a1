/** @tier middle */
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { align } from '../../src/diagnosis/align.js';
import { reviewDrift, type DriftRecord } from '../../src/diagnosis/drift.js';
import type { ResultMessage } from '../../src/replay/protocol.js';
import { pythonOrdersWorkspace } from '../../testing/python-orders.js';
import { findPythonSdk, NEWEST_PYTHON_SDK, OLDEST_PYTHON_SDK } from '../../testing/python-sdk.js';
import { projectRoot } from '../../testing/project-root.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { required } from '../../testing/toolchain.js';
import { makeWorkspace, type Workspace } from '../../testing/workspace.js';
import { fixtureNames, readFixtures, type Fixture } from '../fixtures/histories.js';
import { redacted } from '../fixtures/redacted.js';
import { PythonReplayer, type PythonReplayerOptions } from './python-replayer.js';
import { expectReplayed, type OrdersPullRequest } from './orders-pull-requests.js';
import { sourceLine } from './source-line.js';
import { temporalReader } from '../../src/temporal/reader.js';
import { recordedHistory } from '../builders/recorded-history.js';

jest.setTimeout(120_000);

const newest = await findPythonSdk(NEWEST_PYTHON_SDK);
const oldest = await findPythonSdk(OLDEST_PYTHON_SDK);

const ORDERS = `python-orders-${NEWEST_PYTHON_SDK}`;
const COMPRESSED = `python-orders-compressed-${NEWEST_PYTHON_SDK}`;
const COMMANDS = `python-commands-${NEWEST_PYTHON_SDK}`;
const OLD_COMMANDS = `python-commands-${OLDEST_PYTHON_SDK}`;

/** Of each history the commands that its code issues; read from the code, in the order of its lines. */
const MARKS: Readonly<Record<string, readonly string[]>> = {
  abandoned: [
    'StartChildWorkflowExecution patientChild @ child',
    'ScheduleActivityTask greet @ activity',
    'StartTimer @ sleep',
    'withdrawn CancelChildWorkflowExecution @ cancel abandoned',
    'StartTimer @ sleep again',
    'CompleteWorkflowExecution',
  ],
  activities: [
    'ScheduleActivityTask greet @ execute',
    'ScheduleActivityTask greet @ start',
    'ScheduleActivityTask greet @ first of many',
    'ScheduleActivityTask greet @ second of many',
    'ScheduleActivityTask greet @ third of many',
    'withdrawn ScheduleActivityTask greet @ withdrawn',
    'withdrawn RequestCancelActivityTask @ withdrawal',
    'ScheduleActivityTask wait @ slow',
    'StartTimer @ pause',
    'RequestCancelActivityTask @ cancel slow',
    'ScheduleLocalActivity greet @ local',
    'CompleteWorkflowExecution',
  ],
  attributes: [
    'UpsertWorkflowSearchAttributes @ attributes',
    'StartTimer @ sleep',
    'ModifyWorkflowProperties @ memo',
    'CompleteWorkflowExecution',
  ],
  children: [
    'StartChildWorkflowExecution quickChild @ execute',
    'StartChildWorkflowExecution patientChild @ start',
    'SignalExternalWorkflowExecution tell @ signal the child',
    'SignalExternalWorkflowExecution tell @ signal another',
    'CancelChildWorkflowExecution @ cancel the child',
    'StartChildWorkflowExecution patientChild @ start second',
    'RequestCancelExternalWorkflowExecution @ cancel another',
    'StartChildWorkflowExecution quickChild @ gathered',
    'StartChildWorkflowExecution quickChild @ gathered too',
    'CompleteWorkflowExecution',
  ],
  continued: ['StartTimer @ sleep', 'ContinueAsNewWorkflowExecution @ continue'],
  fails: ['StartTimer @ sleep', 'FailWorkflowExecution @ fail'],
  newTimers: [
    'StartTimer @ workflow.sleep',
    'ScheduleActivityTask greet @ in a task',
    'ScheduleActivityTask greet @ created',
    'ScheduleActivityTask greet @ urgent',
    'CompleteWorkflowExecution',
  ],
  nexus: ['ScheduleNexusOperation double @ nexus', 'CompleteWorkflowExecution'],
  overtaken: [
    'ScheduleActivityTask wait @ slow',
    'StartTimer @ pause',
    'RequestCancelActivityTask @ cancel slow',
    'FailWorkflowExecution @ fail',
  ],
  patches: [
    'SetPatchMarker greet-first @ patched',
    'ScheduleActivityTask greet @ greet',
    'SetPatchMarker sleep-longer @ deprecated',
    'StartTimer @ sleep',
    'StartTimer @ sleep each round',
    'StartTimer @ sleep each round',
    'CompleteWorkflowExecution',
  ],
  signals: ['ScheduleActivityTask greet @ in a handler', 'StartTimer @ waits too'],
  timers: [
    'StartTimer @ asyncio.sleep',
    'StartTimer @ wait_for',
    'StartTimer @ wait_condition',
    'withdrawn StartTimer @ withdrawn',
    'withdrawn CancelTimer @ withdrawn',
    'StartTimer @ gathered',
    'StartTimer @ nap',
    'StartTimer @ created',
    'StartTimer @ call_later',
    'CompleteWorkflowExecution',
  ],
  updates: [
    'UpdateResponse accepted @ add',
    'UpdateResponse completed @ add',
    'UpdateResponse accepted @ addSlowly',
    'StartTimer @ sleep in a handler',
    'UpdateResponse accepted @ add',
    'UpdateResponse completed @ add',
    'UpdateResponse accepted @ addSlowly',
    'StartTimer @ sleep in a handler',
    'UpdateResponse completed @ addSlowly',
    'UpdateResponse completed @ addSlowly',
    'UpdateResponse accepted @ failLate',
    'StartTimer @ sleep before failing',
    'UpdateResponse completed @ fail late',
    'CompleteWorkflowExecution',
  ],
};

const commandsWorkspace = (): Promise<Workspace> =>
  makeWorkspace({
    from: join(projectRoot, '__tests__', 'fixtures', 'applications', 'commands-python'),
  });

/** A workspace and a replayer in it, for all tests of a `describe`. */
function inWorkspace(
  sdk: typeof newest,
  make: () => Promise<Workspace>,
  options: PythonReplayerOptions = {},
): { readonly workspace: Workspace; readonly replayer: PythonReplayer } {
  let workspace: Workspace | undefined;
  let replayer: PythonReplayer | undefined;
  beforeAll(async () => {
    workspace = await make();
    replayer = await PythonReplayer.start(required(sdk).python, workspace.application, options);
  });
  afterAll(async () => {
    await replayer?.stop();
    await workspace?.remove();
  });
  return {
    get workspace() {
      if (workspace === undefined) throw new Error('there is no workspace');
      return workspace;
    },
    get replayer() {
      if (replayer === undefined) throw new Error('there is no replayer');
      return replayer;
    },
  };
}

function fixture(set: string, name: string): Fixture {
  const found = readFixtures(set).find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`there is no history ${name} in ${set}`);
  return found;
}

const APPLICATIONS = [
  {
    what: 'the orders',
    version: NEWEST_PYTHON_SDK,
    set: ORDERS,
    make: () => pythonOrdersWorkspace(),
    options: {},
    undecoded: [],
  },
  {
    what: 'the orders, compressed',
    version: NEWEST_PYTHON_SDK,
    set: COMPRESSED,
    make: () => pythonOrdersWorkspace(),
    options: { module: 'orders.replay_options' },
    undecoded: ['binary/zlib'],
  },
  {
    what: 'every kind of command',
    version: NEWEST_PYTHON_SDK,
    set: COMMANDS,
    make: commandsWorkspace,
    options: { workflows: 'basics\nnews' },
    undecoded: [],
  },
  {
    what: 'the oldest SDK on its own histories',
    version: OLDEST_PYTHON_SDK,
    set: OLD_COMMANDS,
    make: commandsWorkspace,
    options: { workflows: 'basics:BASICS' },
    undecoded: [],
  },
  {
    what: 'the newest SDK on histories of the oldest',
    version: NEWEST_PYTHON_SDK,
    set: OLD_COMMANDS,
    make: commandsWorkspace,
    options: { workflows: 'basics.py' },
    undecoded: [],
  },
];

for (const { what, version, set, make, options, undecoded } of APPLICATIONS) {
  const sdk = version === OLDEST_PYTHON_SDK ? oldest : newest;
  skipUnless(sdk).describe(`code that wrote the history: ${what}`, () => {
    const own = inWorkspace(sdk, make, options);
    const records: DriftRecord[] = [];

    it('is replayed by the SDK of its environment', () => {
      expect(own.replayer.ready).toMatchObject({
        language: 'python',
        sdk: { name: 'temporalio', version },
        dynamic: false,
      });
    });

    it.each(fixtureNames(set))('%s passes, recorded or not, with its commands', async (name) => {
      const history = fixture(set, name);
      expect(await own.replayer.replay(history)).toMatchObject({ outcome: 'passed' });
      const result = await own.replayer.replay(history, true);
      expect(result).toMatchObject({ outcome: 'passed' });
      expect(result.commands?.length).toBeGreaterThan(0);
      const { execution, history: bytes } = history.read;
      records.push({ execution, history: bytes.bytes, result });
      expect(align(recordedHistory(history.events), result.commands ?? [])).toBeUndefined();
    });

    // What a codec wrote cannot be redacted.
    if (set !== COMPRESSED) {
      it.each(fixtureNames(set))('%s passes with other contents', async (name) => {
        const history = redacted(fixture(set, name));
        expect(await own.replayer.replay(history)).toMatchObject({ outcome: 'passed' });
      });
    }

    it('shows no drift', () => {
      expect(records).toHaveLength(fixtureNames(set).length);
      const commands = records.flatMap(({ result }) => result.commands ?? []);
      const carried = commands.filter(({ carries }) => carries !== undefined);
      expect(carried.length).toBeGreaterThan(records.length);
      expect(reviewDrift(records, { locate: () => undefined, reader: temporalReader })).toEqual({
        differences: [],
        undecoded,
      });
    });
  });
}

skipUnless(newest).describe('what is recorded of a replay', () => {
  const own = inWorkspace(newest, commandsWorkspace, { workflows: 'basics\nnews' });

  it.each(Object.entries(MARKS))('names the line of each command: %s', async (name, expected) => {
    const { commands } = await own.replayer.replay(fixture(COMMANDS, name), true);
    expect(marked(commands ?? [])).toEqual(expected);
  });

  it('names the workflow task of a command by its start, as history counts', async () => {
    const history = fixture(COMMANDS, 'children');
    const { commands } = await own.replayer.replay(history, true);
    expect(history.events.length).toBeGreaterThan(20);
    const starts = history.events.flatMap((event) =>
      event.workflowTaskCompletedEventAttributes == null
        ? []
        : [Number(event.workflowTaskCompletedEventAttributes.startedEventId)],
    );
    const lengths = (commands ?? []).map(({ historyLength }) => historyLength);
    expect(lengths.filter((length) => !starts.includes(length))).toEqual([]);
  });

  it('holds the answers of patches, with their lines', async () => {
    const { patches } = await own.replayer.replay(fixture(COMMANDS, 'patches'), true);
    expect(
      patches?.map(({ file = '', line = 0, ...patch }) => ({ ...patch, mark: markAt(file, line) })),
    ).toEqual([
      { id: 'greet-first', answer: true, mark: 'patched' },
      { id: 'sleep-longer', answer: true, deprecated: true, mark: 'deprecated' },
      { id: 'greet-first', answer: true, mark: 'patched again' },
      { id: 'greet-first', answer: true, mark: 'patched again' },
    ]);
  });

  it('names what still waits, what handles, and what nobody handled', async () => {
    const { waits, handlers, unhandledSignals } = await own.replayer.replay(
      fixture(COMMANDS, 'signals'),
      true,
    );
    const { application } = own.workspace;
    const line = (text: string): object => sourceLine(application, 'basics.py', text);
    const open = waits?.filter(({ over }) => over !== true);
    expect(waits).toHaveLength(3);
    expect(open).toHaveLength(2);
    expect(open).toEqual(
      expect.arrayContaining([
        expect.objectContaining(line('== 100),  # mark: waits')),
        expect.objectContaining(line('mark: waits too')),
      ]),
    );
    expect(handlers?.map(({ kind, name }) => [kind, name])).toEqual([
      ['signal', 'note'],
      ['signal', 'later'],
    ]);
    expect(handlers?.[1]).toMatchObject(line('def later(self)'));
    expect(unhandledSignals).toEqual(['unknown']);
  });

  it('starts anew with each history', async () => {
    const history = fixture(COMMANDS, 'timers');
    const first = await own.replayer.replay(history, true);
    await own.replayer.replay(fixture(COMMANDS, 'updates'), true);
    const again = await own.replayer.replay(history, true);
    expect({ ...again, durationMs: 0 }).toEqual({ ...first, durationMs: 0 });
  });
});

/** `COMMAND NAME @ MARK`, with `withdrawn` before what history can never hold. */
function marked(commands: NonNullable<ResultMessage['commands']>): string[] {
  return commands.map(({ command, name, file, line, elided }) => {
    const mark = file === undefined || line === undefined ? '' : ` @ ${markAt(file, line)}`;
    return `${elided === true ? 'withdrawn ' : ''}${`${command} ${name}`.trim()}${mark}`;
  });
}

function markAt(file: string, line: number): string {
  const text = readFileSync(file, 'utf8').split('\n')[line - 1] ?? '';
  return /# mark: (.+)$/u.exec(text)?.[1] ?? `line ${line}: ${text}`;
}

/** Orders that have reached the payment, where the pull requests change something. */
const PAID = ['order-approved', 'order-cancelled', 'order-charging', 'order-failed'];

const PULL_REQUESTS: readonly OrdersPullRequest[] = [
  {
    patch: 'incompatible',
    broken: PAID,
    outcome: 'nondeterministic',
    message: /Activity type of scheduled event 'chargeCard' does not match .* 'checkFraud'/u,
    // The line above it begins the call.
    line: 'activities.check_fraud, args=',
  },
  {
    patch: 'throws',
    broken: PAID,
    outcome: 'task-failed',
    message: /^KeyError: None$/u,
    line: 'amount * SMALLEST_UNITS[currency]',
  },
  {
    patch: 'type-renamed',
    broken: ['reminder-sleeping'],
    outcome: 'task-failed',
    message: /Workflow class reminder is not registered on this worker/u,
  },
  { patch: 'compatible', broken: [], outcome: 'passed', message: /^$/u },
  { patch: 'harmless', broken: [], outcome: 'passed', message: /^$/u },
];

skipUnless(newest).describe.each(PULL_REQUESTS)('the pull request "$patch"', (pullRequest) => {
  const own = inWorkspace(newest, () => pythonOrdersWorkspace({ patch: pullRequest.patch }));

  it.each(fixtureNames(ORDERS))('%s', (name) =>
    expectReplayed(
      pullRequest,
      fixture(ORDERS, name),
      { application: own.workspace.application, file: 'orders/workflows/order.py' },
      (history, record) => own.replayer.replay(history, record),
      // The call begins in the line before its name.
      (place) => ({ name: 'checkFraud', ...place, line: place.line - 1 }),
    ),
  );
});
