import { describe, expect, test } from '@jest/globals';
import { reviewDrift, type DriftRecord } from '../../src/diagnosis/drift.js';
import { durationWords } from '../../src/diagnosis/drift-values.js';
import type { Drift } from '../../src/model/drift.js';
import { CarriedFields } from '../../src/replay/carried.js';
import type { RecordedCommand } from '../../src/replay/protocol.js';
import { EventHistory } from '../builders/event-history.js';
import { aClosedExecution, anExecution } from '../builders/executions.js';
import { activity, issued, IssuedCommands, local, timer } from '../builders/recorded-commands.js';
import { temporalReader } from '../../src/temporal/reader.js';

const json = (value: unknown, encoding = 'json/plain') => ({
  metadata: { encoding: Buffer.from(encoding) },
  data: Buffer.from(JSON.stringify(value)),
});

const carries = (fields: CarriedFields) => {
  const carried = fields.done();
  return carried === undefined ? {} : { carries: carried };
};

const seconds = (count: number) => ({ seconds: count, nanos: 0 });

/** An activity `charge`, as the server writes it: with what it fills in. */
function charged(attributes: object = {}, started: object = {}): EventHistory {
  return new EventHistory('orderWorkflow', started).task().add('ACTIVITY_TASK_SCHEDULED', {
    activityTaskScheduledEventAttributes: {
      activityId: '1',
      activityType: { name: 'charge' },
      taskQueue: { name: 'orders' },
      startToCloseTimeout: seconds(10),
      input: { payloads: [json('order-1'), json({ amount: 5, currency: 'EUR' })] },
      retryPolicy: {
        initialInterval: seconds(1),
        backoffCoefficient: 2,
        maximumInterval: seconds(100),
      },
      ...attributes,
    },
  });
}

/** What the code asks for in words of its own: nothing that the server fills in. */
function charge(
  change: (fields: CarriedFields) => CarriedFields = (fields) =>
    fields.duration('startToCloseTimeout', seconds(10)),
  args: readonly unknown[] = ['order-1', { currency: 'EUR', amount: 5 }],
): RecordedCommand[] {
  const fields = new CarriedFields()
    .payloads(
      'argument',
      args.map((arg) => json(arg)),
    )
    .value('taskQueue', 'orders');
  const command = activity('charge', {
    file: '/workspace/order.ts',
    line: 7,
    ...carries(change(fields)),
  });
  return new IssuedCommands().in(3, command).list;
}

function record(
  history: EventHistory,
  commands: readonly RecordedCommand[],
  more: { execution?: DriftRecord['execution']; baseline?: readonly RecordedCommand[] } = {},
): DriftRecord {
  const result = (list: readonly RecordedCommand[]) => ({
    type: 'result' as const,
    id: '1',
    outcome: 'passed' as const,
    commands: [...list],
  });
  return {
    execution: more.execution ?? anExecution(),
    history: history.bytes,
    result: result(commands),
    ...(more.baseline === undefined ? {} : { baseline: result(more.baseline) }),
  };
}

const locate = ({ line }: RecordedCommand) =>
  line === undefined ? undefined : { file: 'order.ts', line };

const review = (...records: DriftRecord[]) =>
  reviewDrift(records, { locate, reader: temporalReader });
const found = (...records: DriftRecord[]): Drift[] => review(...records).differences;

const minute = (fields: CarriedFields) => fields.duration('startToCloseTimeout', seconds(60));

describe('a command that carries what history holds', () => {
  test('is no drift, whatever the order of keys', () => {
    expect(found(record(charged(), charge()))).toEqual([]);
  });

  test('is no drift where the server caps timeouts by the run', () => {
    const capped = {
      scheduleToCloseTimeout: seconds(30),
      scheduleToStartTimeout: seconds(30),
      startToCloseTimeout: seconds(30),
      heartbeatTimeout: seconds(30),
    };
    const history = charged(capped, { workflowRunTimeout: seconds(30) });
    const asked = charge((fields) =>
      fields.duration('startToCloseTimeout', seconds(60)).duration('heartbeatTimeout', seconds(45)),
    );
    expect(found(record(history, asked))).toEqual([]);
  });

  test('is no drift where the server derives timeouts from the whole one', () => {
    const history = charged({
      scheduleToCloseTimeout: seconds(10),
      scheduleToStartTimeout: seconds(10),
      startToCloseTimeout: seconds(10),
    });
    const asked = charge((fields) => fields.duration('scheduleToCloseTimeout', seconds(10)));
    expect(found(record(history, asked))).toEqual([]);
  });

  test('is not compared where the replayer does not tell', () => {
    expect(found(record(charged(), new IssuedCommands().in(3, activity('charge')).list))).toEqual(
      [],
    );
  });
});

describe('a command that carries something else', () => {
  test('is told with both values of an option, at its line', () => {
    expect(found(record(charged(), charge(minute)))).toEqual([
      {
        kind: 'field',
        workflowTypes: ['orderWorkflow'],
        command: 'activity charge',
        field: 'startToCloseTimeout',
        history: '10 s',
        code: '1 m',
        held: 'by-both',
        location: { file: 'order.ts', line: 7 },
        executions: 1,
        running: 1,
        basis: 'one-execution',
      },
    ]);
  });

  test('is told without values where it is a payload', () => {
    const [argument, ...others] = found(
      record(charged(), charge(undefined, ['order-1', 'secret'])),
    );
    expect(others).toEqual([]);
    expect(argument).toMatchObject({ field: 'argument 2', held: 'by-both' });
    expect(argument).not.toHaveProperty('history');
    expect(argument).not.toHaveProperty('code');
  });

  test.each([
    ['is new', ['order-1', { amount: 5, currency: 'EUR' }, 1], 'argument 3', 'by-code'],
    ['is gone', ['order-1'], 'argument 2', 'by-history'],
  ])('says of an argument that it %s', (_, args, field, held) => {
    expect(found(record(charged(), charge(undefined, args)))).toMatchObject([{ field, held }]);
  });

  test('says of a retry policy which part', () => {
    const asked = charge((fields) =>
      fields
        .duration('startToCloseTimeout', seconds(10))
        .retryPolicy({ initialInterval: seconds(1), maximumAttempts: 3 }),
    );
    expect(found(record(charged(), asked))).toMatchObject([
      { field: 'retryPolicy.maximumAttempts', history: 'not set', code: '3' },
    ]);
  });

  test('is a timer of another length', () => {
    const history = new EventHistory().task().add('TIMER_STARTED', {
      timerStartedEventAttributes: { timerId: '1', startToFireTimeout: seconds(30) },
    });
    const asked = timer(carries(new CarriedFields().duration('startToFireTimeout', seconds(20))));
    expect(found(record(history, new IssuedCommands().in(3, asked).list))).toMatchObject([
      { command: 'a timer', field: 'startToFireTimeout', history: '30 s', code: '20 s' },
    ]);
  });

  test('is another result of the workflow', () => {
    const history = new EventHistory().task().add('WORKFLOW_EXECUTION_COMPLETED', {
      workflowExecutionCompletedEventAttributes: { result: { payloads: [json('done')] } },
    });
    const end = issued(
      'CompleteWorkflowExecution',
      '',
      carries(new CarriedFields().payload('result', json('finished'))),
    );
    expect(found(record(history, new IssuedCommands().in(3, end).list))).toMatchObject([
      { field: 'result' },
    ]);
  });

  test('is another name of a signal to another workflow, and what comes behind it is compared', () => {
    const history = new EventHistory()
      .task()
      .add('SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED', {
        signalExternalWorkflowExecutionInitiatedEventAttributes: { signalName: 'deliver' },
      })
      .add('TIMER_STARTED', {
        timerStartedEventAttributes: { timerId: '1', startToFireTimeout: seconds(5) },
      });
    const name = 'SignalExternalWorkflowExecution';
    const asked = (signal: string, length: number) =>
      new IssuedCommands().in(
        3,
        issued(name, signal, { file: '/workspace/order.ts', line: 8 }),
        timer({
          file: '/workspace/order.ts',
          line: 9,
          ...carries(new CarriedFields().duration('startToFireTimeout', seconds(length))),
        }),
      ).list;
    expect(found(record(history, asked('deliver', 5)))).toEqual([]);
    expect(found(record(history, asked('bring', 6)))).toMatchObject([
      { field: 'name', history: 'deliver', code: 'bring', location: { line: 8 } },
      { field: 'startToFireTimeout', history: '5 s', code: '6 s' },
    ]);
    expect(found(record(history, asked('bring', 5), { baseline: asked('bring', 5) }))).toEqual([]);
  });

  test('is another type to continue as new with', () => {
    const history = new EventHistory().task().add('WORKFLOW_EXECUTION_CONTINUED_AS_NEW', {
      workflowExecutionContinuedAsNewEventAttributes: { workflowType: { name: 'orderWorkflow' } },
    });
    const next = issued('ContinueAsNewWorkflowExecution', 'orderAgain');
    expect(found(record(history, new IssuedCommands().in(3, next).list))).toMatchObject([
      { field: 'name', history: 'orderWorkflow', code: 'orderAgain' },
    ]);
  });

  test('is a memo that continue-as-new no longer inherits', () => {
    const history = new EventHistory().task().add('WORKFLOW_EXECUTION_CONTINUED_AS_NEW', {
      workflowExecutionContinuedAsNewEventAttributes: {
        workflowType: { name: 'orderWorkflow' },
        taskQueue: { name: 'orders' },
        workflowTaskTimeout: seconds(10),
        memo: { fields: { note: json('x') } },
      },
    });
    const next = (fields: CarriedFields) =>
      record(
        history,
        new IssuedCommands().in(
          3,
          issued('ContinueAsNewWorkflowExecution', 'orderWorkflow', carries(fields)),
        ).list,
      );
    const own = () => new CarriedFields().value('taskQueue', 'orders');
    expect(found(next(own()))).toEqual([]);
    expect(found(next(own().payloadMap('memo', { note: json('y') })))).toMatchObject([
      { field: 'memo note' },
    ]);
  });
});

describe('a command in a task in which history holds none', () => {
  const waiting = () => new EventHistory().task().timer().timerFired().task();
  const sleeping = new IssuedCommands()
    .in(3, timer())
    .in(8, timer({ file: '/workspace/order.ts', line: 9 })).list;

  test('is told', () => {
    expect(found(record(waiting(), sleeping))).toMatchObject([
      { kind: 'command', command: 'a timer', location: { line: 9 } },
    ]);
  });

  test('is not told where the baseline issues it too', () => {
    expect(found(record(waiting(), sleeping, { baseline: sleeping }))).toEqual([]);
  });
});

describe('local activities', () => {
  const at = (line: number) => ({ file: '/workspace/order.ts', line });
  const history = (): EventHistory =>
    new EventHistory().task().javaLocalActivity('Reserve', 'x').javaLocalActivity('Charge', 'y');
  const calls = (...names: [string, string]) =>
    new IssuedCommands().in(
      3,
      local(names[0], { id: 'x', ...at(8) }),
      local(names[1], { id: 'y', ...at(9) }),
    ).list;

  test('that were swapped are told, where the SDK looks at their IDs alone', () => {
    const swapped = calls('Charge', 'Reserve');
    expect(
      found(record(history(), swapped, { baseline: calls('Reserve', 'Charge') })),
    ).toMatchObject([
      {
        command: 'local activity Charge',
        field: 'name',
        history: 'Reserve',
        location: { line: 8 },
      },
      {
        command: 'local activity Reserve',
        field: 'name',
        history: 'Charge',
        location: { line: 9 },
      },
    ]);
    expect(found(record(history(), swapped, { baseline: swapped }))).toEqual([]);
    expect(found(record(history(), calls('Reserve', 'Charge')))).toEqual([]);
  });

  test('that run side by side are compared by their IDs', () => {
    const sameType = new EventHistory()
      .task()
      .javaLocalActivity('Charge', 'y', 'second')
      .javaLocalActivity('Charge', 'x', 'first');
    const argument = (value: string) =>
      carries(new CarriedFields().payload('argument 1', json(value, '')));
    const call = (id: string, value: string) =>
      local('Charge', { id, ...at(8), ...argument(value) });
    const asked = (...list: ReturnType<typeof local>[]) => new IssuedCommands().in(3, ...list).list;
    expect(found(record(sameType, asked(call('x', 'first'), call('y', 'second'))))).toEqual([]);
    expect(found(record(sameType, asked(call('x', 'second'), call('y', 'second'))))).toMatchObject([
      { command: 'local activity Charge', field: 'argument 1' },
    ]);
  });

  test('that the code calls before a wait are told where the baseline does not: one may still run', () => {
    const waiting = new EventHistory().task().timer();
    const code = new IssuedCommands().in(3, timer(), local('Charge', at(8))).list;
    const before = new IssuedCommands().in(3, timer()).list;
    expect(found(record(waiting, code, { baseline: before }))).toMatchObject([
      { kind: 'command', command: 'local activity Charge', location: { line: 8 } },
    ]);
    expect(found(record(waiting, code, { baseline: code }))).toEqual([]);
    expect(found(record(waiting, code))).toEqual([]);
  });
});

describe('another command, which the SDK did not compare', () => {
  test('is told: an operation of Nexus, or an activity type before histories had flags', () => {
    const history = new EventHistory()
      .task()
      .add('NEXUS_OPERATION_SCHEDULED', {
        nexusOperationScheduledEventAttributes: { operation: 'hello' },
      })
      .activity('charge', '1');
    const asked = (operation: string, type: string) =>
      new IssuedCommands().in(
        3,
        issued('ScheduleNexusOperation', operation),
        activity(type, { id: '1' }),
      ).list;
    expect(found(record(history, asked('hello', 'charge')))).toEqual([]);
    expect(found(record(history, asked('greet', 'bill')))).toMatchObject([
      { command: 'Nexus operation greet', field: 'name', history: 'hello', code: 'greet' },
      { command: 'activity bill', field: 'name', history: 'charge', code: 'bill' },
    ]);
  });

  test('is told of an end that differs, and of a missing one, where the baseline agrees', () => {
    const history = new EventHistory()
      .task()
      .timer()
      .timerFired()
      .task()
      .add('WORKFLOW_EXECUTION_FAILED');
    const upTo = (): IssuedCommands => new IssuedCommands().in(3, timer());
    const fails = upTo().in(8, issued('FailWorkflowExecution')).list;
    const completes = upTo().in(8, issued('CompleteWorkflowExecution')).list;
    expect(found(record(history, completes, { baseline: fails }))).toMatchObject([
      {
        kind: 'command',
        command: "the workflow's completion",
        history: "the workflow's failure",
        basis: 'differs-from-baseline',
      },
    ]);
    expect(found(record(history, upTo().list, { baseline: fails }))).toMatchObject([
      { kind: 'command', command: "the workflow's failure", held: 'by-history' },
    ]);
    // Without a baseline that agrees, the recording may have missed it.
    expect(found(record(history, completes))).toEqual([]);
    expect(found(record(history, completes, { baseline: upTo().list }))).toEqual([]);
  });
});

describe('numbers', () => {
  test('are as the code asks for them, however SDKs turn them into binary fractions', () => {
    const prioritized = (fairnessWeight: number): EventHistory =>
      charged({
        startToCloseTimeout: { seconds: 0, nanos: 70_000_000 },
        priority: { fairnessWeight },
      });
    const asked = (nanos: number, fairnessWeight: number) =>
      charge((fields) =>
        fields.duration('startToCloseTimeout', { seconds: 0, nanos }).priority({ fairnessWeight }),
      );
    const weight = Math.fround(0.1);
    expect(found(record(prioritized(weight), asked(70_000_000.000_000_01, 0.1)))).toEqual([]);
    expect(found(record(prioritized(weight), asked(80_000_000.000_000_01, 0.2)))).toMatchObject([
      { field: 'priority.fairnessWeight', history: '0.1', code: '0.2' },
      { field: 'startToCloseTimeout', history: '70 ms', code: '80 ms' },
    ]);
  });
});

describe('who is told', () => {
  test('two executions that show the same at one line are one difference', () => {
    const [one, ...others] = found(
      record(charged(), charge(minute)),
      record(charged(), charge(minute), { execution: aClosedExecution() }),
    );
    expect(others).toEqual([]);
    expect(one).toMatchObject({ executions: 2, running: 1, basis: 'several-executions' });
  });

  test('what the baseline does too is left out, and what it does not is new', () => {
    const both = found(record(charged(), charge(minute), { baseline: charge(minute) }));
    expect(both).toEqual([]);
    const fresh = found(record(charged(), charge(minute), { baseline: charge() }));
    expect(fresh).toMatchObject([{ executions: 1, basis: 'differs-from-baseline' }]);
  });

  test('what the baseline does in a third way is new', () => {
    const hour = (fields: CarriedFields) => fields.duration('startToCloseTimeout', seconds(3600));
    const fresh = found(record(charged(), charge(minute), { baseline: charge(hour) }));
    expect(fresh).toMatchObject([{ basis: 'differs-from-baseline' }]);
  });

  test('what is told comes first', () => {
    const alone = charge((fields) =>
      fields.duration('startToCloseTimeout', seconds(10)).duration('heartbeatTimeout', seconds(1)),
    );
    const bases = found(
      record(charged(), alone),
      record(charged(), charge(minute)),
      record(charged(), charge(minute)),
    ).map(({ basis }) => basis);
    expect(bases).toEqual(['several-executions', 'one-execution']);
  });
});

describe('payloads that nothing decodes', () => {
  const encrypted = (encoding: string) =>
    charged({ input: { payloads: [json('a', encoding), json('b', encoding)] } });

  test('are not compared, and their encoding is named once', () => {
    const records = [1, 2].map(() => record(encrypted('binary/encrypted'), charge(minute)));
    const { differences, undecoded } = review(...records);
    expect(undecoded).toEqual(['binary/encrypted']);
    expect(differences.map(({ field }) => field)).toEqual(['startToCloseTimeout']);
  });

  test("of the code's own converter are compared", () => {
    const own = new CarriedFields()
      .payloads('argument', [json('a', 'binary/own'), json('c', 'binary/own')])
      .value('taskQueue', 'orders')
      .duration('startToCloseTimeout', seconds(10));
    const commands = new IssuedCommands().in(3, activity('charge', carries(own))).list;
    const { differences, undecoded } = review(record(encrypted('binary/own'), commands));
    expect(undecoded).toEqual([]);
    expect(differences).toMatchObject([{ field: 'argument 2' }]);
  });
});

test.each([
  [250, '250 ms'],
  [1000, '1 s'],
  [60_000, '1 m'],
  [5_400_000, '1 h 30 m'],
  [4 * 86_400_000, '4 d'],
  [1000.1, '1 s 0.1 ms'],
  [1004.999_999, '1 s 5 ms'],
  [0, '0 s'],
])('a duration of %i ms reads %s', (ms, words) => {
  expect(durationWords(ms)).toBe(words);
});
