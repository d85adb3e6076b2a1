import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { rmSync } from 'node:fs';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { HistoryFiles } from '../../src/temporal/history-files.js';
import { HistoryMessage } from '../../src/temporal/history/proto.js';
import type { Execution } from '../../src/model/execution.js';
import { EventHistory } from '../builders/event-history.js';
import { itemAt } from '../builders/item-at.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';

let workspace: WorkspaceFolder;
beforeEach(() => {
  workspace = new WorkspaceFolder();
});
afterEach(() => {
  workspace.remove();
});

const HISTORY = new EventHistory()
  .task({ workerVersion: { buildId: 'v1.0' } })
  .activity('charge')
  .activityDone()
  .task({ workerVersion: { buildId: 'v1.1' } })
  .timer();

/** As the CLI and the UI write it: SCREAMING_CASE enums, base64 payloads. */
const asJson = (history: EventHistory = HISTORY): { events: Record<string, unknown>[] } =>
  JSON.parse(historyToJSON(HistoryMessage.fromObject({ events: history.events }))) as {
    events: Record<string, unknown>[];
  };

const list = (pattern = '*'): Promise<Execution[]> =>
  new HistoryFiles().list(workspace.at(pattern), workspace.path);

/** Lists the only file, and reads it. */
async function roundTrip(content: string | Uint8Array) {
  workspace.file('history.json', content);
  const files = new HistoryFiles();
  const execution = itemAt(await files.list(workspace.at('*'), workspace.path), 0);
  return { execution, read: await files.read(execution) };
}

/** What the only file comes to where it cannot be read. */
async function unreadable(content: string | Uint8Array) {
  const { execution, read } = await roundTrip(content);
  if (read.kind !== 'unreadable') throw new Error(`it is ${read.kind}`);
  return { execution, message: read.message };
}

describe('a history file is read', () => {
  const olderEnums = (): string =>
    JSON.stringify(asJson()).replace(/"EVENT_TYPE_([A-Z_]+)"/gu, (_, name: string) =>
      JSON.stringify(
        name
          .toLowerCase()
          .replace(/(?:^|_)([a-z])/gu, (__, letter: string) => letter.toUpperCase()),
      ),
    );

  test.each<[string, () => string | Uint8Array]>([
    ['as JSON', () => JSON.stringify(asJson())],
    ['as JSON for people', () => JSON.stringify(asJson(), null, 2)],
    ['as JSON with the event types of older tools', olderEnums],
    ['as JSON that is the list of events alone', () => JSON.stringify(asJson().events)],
    ['as JSON with a byte order mark', () => `\ufeff${JSON.stringify(asJson())}`],
    ['as JSON behind empty lines', () => `\n\n   ${JSON.stringify(asJson())}`],
    ['as JSON far behind empty lines', () => '\n'.repeat(500) + JSON.stringify(asJson())],
    ['as binary protobuf', () => HISTORY.bytes],
  ])('%s', async (_, content) => {
    const { execution, read } = await roundTrip(content());
    expect(execution).toEqual({
      workflowId: 'order-1',
      runId: 'run-1',
      workflowType: 'orderWorkflow',
      taskQueue: 'orders',
      status: 'Running',
      historyLength: 11,
      buildIds: ['v1.1'],
    });
    expect(read).toMatchObject({
      kind: 'read',
      history: { eventCount: 11, completedTasks: 2, lastBuildId: 'v1.1' },
    });
  });

  test('with its payloads as the server holds them', async () => {
    const json = asJson();
    const input = {
      payloads: [
        {
          metadata: { encoding: Buffer.from('json/plain').toString('base64') },
          data: Buffer.from('{"a":1}').toString('base64'),
        },
      ],
    };
    Object.assign(itemAt(json.events, 0)['workflowExecutionStartedEventAttributes'] as object, {
      input,
    });
    const { read } = await roundTrip(JSON.stringify(json));
    if (read.kind !== 'read') throw new Error(read.kind);
    const [started] = HistoryMessage.decode(read.history.bytes).events;
    const payload = started?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
    expect(Buffer.from(payload?.data ?? []).toString()).toBe('{"a":1}');
  });
});

describe('how an execution ended is told by its last event', () => {
  test.each([
    ['WORKFLOW_EXECUTION_COMPLETED', 'Completed'],
    ['WORKFLOW_EXECUTION_FAILED', 'Failed'],
    ['WORKFLOW_EXECUTION_CANCELED', 'Canceled'],
    ['WORKFLOW_EXECUTION_TERMINATED', 'Terminated'],
    ['WORKFLOW_EXECUTION_CONTINUED_AS_NEW', 'ContinuedAsNew'],
    ['WORKFLOW_EXECUTION_TIMED_OUT', 'TimedOut'],
    ['WORKFLOW_EXECUTION_SIGNALED', 'Running'],
  ] as const)('%s: %s', async (type, status) => {
    const { execution } = await roundTrip(new EventHistory().task().add(type).bytes);
    expect(execution.status).toBe(status);
  });
});

describe('a file that is no whole history is refused', () => {
  const without = (index: number): string => {
    const json = asJson();
    json.events.splice(index, 1);
    return JSON.stringify(json);
  };

  test.each<[string, () => string | Uint8Array, string]>([
    ['empty', () => '', 'not valid JSON'],
    ['only white space', () => ' \n', 'not valid JSON'],
    ['JSON that is cut off', () => JSON.stringify(asJson()).slice(0, -20), 'not valid JSON'],
    ['JSON of something else', () => '{"name": "package"}', 'no list "events"'],
    ['JSON with another list', () => '{"events": {}}', 'no list "events"'],
    ['no events', () => '{"events": []}', 'holds no events'],
    ['an empty list', () => '[]', 'holds no events'],
    ['a gap', () => without(3), 'event 4 is missing'],
    ['no beginning', () => without(0), 'event 1 is missing'],
    ['events that are none', () => '[1, 2, 3]', ''],
    ['neither form', () => 'Not Found', 'neither JSON nor a binary'],
    ['an image', () => Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'neither JSON nor'],
    ['binary that is cut off', () => HISTORY.bytes.slice(0, -5), 'neither JSON nor'],
  ])('%s', async (_, content, words) => {
    const { execution, message } = await unreadable(content());
    expect(execution).toMatchObject({ workflowId: 'history.json', runId: 'history.json' });
    expect(message).toContain(words);
    expect(message).toContain('export it again');
  });

  test('another first event', async () => {
    const history = HistoryMessage.fromObject({ events: [{ eventId: 1, eventType: 10 }] });
    const { message } = await unreadable(HistoryMessage.encode(history).finish());
    expect(message).toContain('not WorkflowExecutionStarted');
  });

  test.each([
    ['a value', [{ orderId: 'a' }]],
    ['a string', ['a']],
    ['nothing', [null]],
    ['data that is a value', [{ metadata: { encoding: 'x' }, data: { orderId: 'a' } }]],
  ])('payloads that were decoded for reading: %s', async (_, payloads) => {
    const json = asJson();
    Object.assign(itemAt(json.events, 0)['workflowExecutionStartedEventAttributes'] as object, {
      input: { payloads },
    });
    const { message } = await unreadable(JSON.stringify(json));
    expect(message).toContain(
      payloads[0] === null ? 'null data' : 'exported with decoded payloads',
    );
    if (payloads[0] !== null) expect(message).toContain('"decode event history" off');
  });

  test('without a word of what stands where it is broken', async () => {
    const { message } = await unreadable('{"events": [{"data": "secret" x}]}');
    expect(message).not.toContain('secret');
  });
});

describe('a file that cannot be read stands for an execution', () => {
  const broken = (history: EventHistory): string => {
    const json = asJson(history);
    Object.assign(itemAt(json.events, 0)['workflowExecutionStartedEventAttributes'] as object, {
      input: { payloads: ['decoded'] },
    });
    return JSON.stringify(json);
  };

  test('that may be a running one', async () => {
    const { execution } = await unreadable('not a history');
    expect(execution).toMatchObject({ workflowType: '(not readable)', status: 'Running' });
  });

  test('of its own type', async () => {
    const { execution } = await unreadable(broken(HISTORY));
    expect(execution).toMatchObject({ workflowType: 'orderWorkflow', status: 'Running' });
  });

  test('that has closed, where its end can be seen', async () => {
    const { execution } = await unreadable(broken(new EventHistory().task().completed()));
    expect(execution).toMatchObject({ workflowType: 'orderWorkflow', status: 'Completed' });
  });

  test('and costs no other file', async () => {
    workspace.file('bad.json', 'not a history');
    workspace.file('good.bin', HISTORY.bytes);
    const files = new HistoryFiles();
    const kinds: string[] = [];
    for (const execution of await files.list('*', workspace.path)) {
      kinds.push((await files.read(execution)).kind);
    }
    expect(kinds).toEqual(['unreadable', 'read']);
  });

  test('also where it is a file that cannot be opened', async () => {
    workspace.file('history.json', JSON.stringify(asJson()));
    const files = new HistoryFiles();
    const execution = itemAt(await files.list('*', workspace.path), 0);
    rmSync(workspace.at('history.json'));
    const read = await files.read(execution);
    expect(read).toMatchObject({ kind: 'unreadable', message: expect.stringContaining('ENOENT') });
  });
});

describe('an event of a type that this version does not know', () => {
  const withNew = (workerMayIgnore: boolean): Uint8Array => {
    const { events } = new EventHistory().task();
    const after = { eventId: events.length + 1, eventType: 999, workerMayIgnore };
    return Buffer.concat([
      HistoryMessage.encode({ events }).finish(),
      HistoryMessage.encode(HistoryMessage.fromObject({ events: [after] })).finish(),
    ]);
  };

  test('goes on, byte for byte, where a worker may ignore it', async () => {
    const { read } = await roundTrip(withNew(true));
    if (read.kind !== 'read') throw new Error(read.kind);
    expect(Buffer.from(read.history.bytes).equals(withNew(true))).toBe(true);
  });

  test('makes the file one that cannot be read where not', async () => {
    const { message } = await unreadable(withNew(false));
    expect(message).toContain('event 5 is of a type that this version does not know (999)');
  });
});

describe('without a Workflow ID in the history', () => {
  const nameless = (runId: string, attributes: object = {}): EventHistory =>
    new EventHistory('orderWorkflow', {
      workflowId: '',
      originalExecutionRunId: runId,
      ...attributes,
    });
  const idsOf = async (): Promise<unknown[]> =>
    (await list()).map(({ workflowId, unknownIds }) => [workflowId, unknownIds]);

  test('that beside the events is taken', async () => {
    const json = { ...asJson(nameless('run-1').task()), workflowId: 'order-7' };
    workspace.file('a.json', JSON.stringify(json));
    expect(await idsOf()).toEqual([['order-7', undefined]]);
  });

  test('that of its child, which names its parent, is taken', async () => {
    const parentWorkflowExecution = { workflowId: 'order-7', runId: 'run-1' };
    const child = {
      workflowId: 'child-1',
      originalExecutionRunId: 'run-2',
      parentWorkflowExecution,
    };
    workspace.file('a.bin', nameless('run-1').task().bytes);
    workspace.file('b.bin', new EventHistory('child', child).task().bytes);
    expect(await idsOf()).toEqual([
      ['order-7', undefined],
      ['child-1', undefined],
    ]);
  });

  test('that of a run before it is taken', async () => {
    workspace.file('a.bin', nameless('run-2', { firstExecutionRunId: 'run-1' }).task().bytes);
    workspace.file('b.bin', new EventHistory().task().bytes);
    expect(await idsOf()).toEqual([
      ['order-1', undefined],
      ['order-1', undefined],
    ]);
  });

  test('none is made up: the file stands for it, and it is said that it is not known', async () => {
    workspace.file('a.bin', nameless('run-1').task().bytes);
    workspace.file('b.bin', nameless('').task().bytes);
    expect(await idsOf()).toEqual([
      ['a.bin', ['workflowId']],
      ['b.bin', ['workflowId', 'runId']],
    ]);
  });
});

describe('the files', () => {
  const run = (id: string): Uint8Array =>
    new EventHistory('orderWorkflow', { workflowId: id, originalExecutionRunId: id }).task().bytes;

  test('are those of the pattern, in the order of their names', async () => {
    workspace.file('b/2.bin', run('b2'));
    workspace.file('a/1.bin', run('a1'));
    workspace.file('a/deep/3.bin', run('a3'));
    workspace.file('a/notes.txt', 'not a history');
    const executions = await list('**/*.bin');
    expect(executions.map((execution) => execution.runId)).toEqual(['a1', 'a3', 'b2']);
  });

  test('may lie in a folder whose name means something in a pattern', async () => {
    workspace.file('app (v2) [new]/1.bin', run('a1'));
    const inner = workspace.at('app (v2) [new]');
    const executions = await new HistoryFiles().list('*.bin', inner);
    expect(executions).toHaveLength(1);
  });

  test('that hold the same run are refused, and both are named', async () => {
    workspace.file('a.bin', run('same'));
    workspace.file('b.bin', run('same'));
    await expect(list()).rejects.toMatchObject({
      name: 'UserError',
      found: expect.stringMatching(/same run: b\.bin, a\.bin$/u),
    });
  });

  test('that are none are told with the pattern', async () => {
    await expect(list('*.nothing')).rejects.toMatchObject({
      name: 'UserError',
      found: expect.stringContaining('*.nothing'),
      fix: expect.stringContaining('temporal workflow show'),
    });
  });

  test('that were not listed are gone', async () => {
    const read = await new HistoryFiles().read({
      workflowId: 'x',
      runId: 'x',
      workflowType: 'x',
      taskQueue: 'x',
      status: 'Running',
      buildIds: [],
    });
    expect(read.kind).toBe('gone');
  });
});

test('of a run and of the reset that took its place, each has its own run ID', async () => {
  const base = new EventHistory().task().timer().terminated('history-resetter');
  const reset = new EventHistory().openTask().resetTo('run-2').task().timer();
  workspace.file('base.json', JSON.stringify(asJson(base)));
  workspace.file('reset.json', JSON.stringify(asJson(reset)));
  const listed = await list();
  expect(new Map(listed.map((one) => [one.runId, one.isLeftByReset]))).toEqual(
    new Map([
      ['run-1', true],
      ['run-2', undefined],
    ]),
  );
});
