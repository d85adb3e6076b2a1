import { describe, expect, test } from '@jest/globals';
import proto from '@temporalio/proto';
import { listExecutions, listGroups } from '../../src/temporal/list-executions.js';
import { FakeServer } from '../builders/fake-server.js';

const { ListWorkflowExecutionsResponse } = proto.temporal.api.workflowservice.v1;
const Status = proto.temporal.api.enums.v1.WorkflowExecutionStatus;

type Info = Readonly<Record<string, unknown>>;

const info = (runId: string, more: Info = {}): Info => ({
  execution: { workflowId: `order-${runId}`, runId },
  type: { name: 'orderWorkflow' },
  taskQueue: 'orders',
  status: Status.WORKFLOW_EXECUTION_STATUS_RUNNING,
  ...more,
});

const buildIds = (...values: unknown[]): Info => ({
  searchAttributes: {
    indexedFields: { BuildIds: { data: Buffer.from(JSON.stringify(values)) } },
  },
});

/** A server whose listing has these pages. */
function paged(...pages: Info[][]): FakeServer {
  return new FakeServer({
    listWorkflowExecutions: ({ nextPageToken }) => {
      const page = (nextPageToken as Uint8Array)[0] ?? 0;
      return ListWorkflowExecutionsResponse.fromObject({
        executions: pages[page] ?? [],
        nextPageToken: page + 1 < pages.length ? Uint8Array.of(page + 1) : new Uint8Array(),
      });
    },
  });
}

async function only(execution: Info) {
  const { executions } = await listExecutions(paged([execution]).server, 'q');
  expect(executions).toHaveLength(1);
  return executions[0];
}

describe('the listing', () => {
  test('is read page by page, with the query and the namespace', async () => {
    const fake = paged([info('a'), info('b')], [info('c')]);
    const { executions, truncated } = await listExecutions(fake.server, 'TaskQueue = "orders"');
    expect(executions.map((execution) => execution.runId)).toEqual(['a', 'b', 'c']);
    expect(truncated).toBe(false);
    expect(fake.requests).toHaveLength(2);
    expect(fake.requests[0]?.request).toMatchObject({
      namespace: 'default',
      query: 'TaskQueue = "orders"',
    });
  });

  test('that repeats itself without an end is an error, after some pages', async () => {
    const fake = new FakeServer({
      listWorkflowExecutions: () =>
        ListWorkflowExecutionsResponse.fromObject({
          executions: [info('a')],
          nextPageToken: Uint8Array.of(1),
        }),
    });
    await expect(listExecutions(fake.server, 'q')).rejects.toThrow('does not end');
    expect(fake.requests.length).toBeLessThan(200);
  });

  test('goes on behind an empty page', async () => {
    const { executions } = await listExecutions(paged([], [info('a')]).server, 'q');
    expect(executions).toHaveLength(1);
  });

  test('holds each run once, though pages may overlap', async () => {
    const { executions } = await listExecutions(
      paged([info('a')], [info('a'), info('b')]).server,
      'q',
    );
    expect(executions.map((execution) => execution.runId)).toEqual(['a', 'b']);
  });

  test('is cut at its limit, and says so', async () => {
    const fake = paged([info('a'), info('b')], [info('c')]);
    const { executions, truncated } = await listExecutions(fake.server, 'q', 2);
    expect(executions).toHaveLength(2);
    expect(truncated).toBe(true);
    expect(fake.requests).toHaveLength(1);
  });
});

describe('an execution', () => {
  test('is what the server tells', async () => {
    const execution = await only(
      info('a', {
        status: Status.WORKFLOW_EXECUTION_STATUS_COMPLETED,
        startTime: { seconds: 1_790_000_000, nanos: 500_000_000 },
        closeTime: { seconds: 1_790_000_001 },
        historyLength: 17,
        ...buildIds('versioned:v1.0'),
      }),
    );
    expect(execution).toEqual({
      workflowId: 'order-a',
      runId: 'a',
      workflowType: 'orderWorkflow',
      taskQueue: 'orders',
      status: 'Completed',
      startTime: '2026-09-21T14:13:20.500Z',
      closeTime: '2026-09-21T14:13:21.000Z',
      historyLength: 17,
      buildIds: ['v1.0'],
    });
  });

  test('that runs has no close time and no known length', async () => {
    const execution = await only(info('a'));
    expect(execution).not.toHaveProperty('closeTime');
    expect(execution).not.toHaveProperty('historyLength');
  });

  test.each([
    ['RUNNING', 'Running'],
    ['COMPLETED', 'Completed'],
    ['FAILED', 'Failed'],
    ['CANCELED', 'Canceled'],
    ['TERMINATED', 'Terminated'],
    ['CONTINUED_AS_NEW', 'ContinuedAsNew'],
    ['TIMED_OUT', 'TimedOut'],
    ['PAUSED', 'Paused'],
    ['UNSPECIFIED', 'Unknown'],
  ] as const)('with the status %s is %s', async (name, status) => {
    const execution = await only(
      info('a', { status: Status[`WORKFLOW_EXECUTION_STATUS_${name}`] }),
    );
    expect(execution?.status).toBe(status);
  });

  test.each([
    [
      ['unversioned', 'versioned:v1.0', 'versioned:v1.1'],
      ['v1.0', 'v1.1'],
    ],
    [['assigned:v1.0', 'versioned:v1.0'], ['v1.0']],
    [['unversioned:abc'], ['abc']],
    [['pinned:orders:v1.0', 'unversioned:v1.0'], ['v1.0']],
    [['versioned:a:b'], ['a:b']],
    [['unversioned'], []],
    [[], []],
    [[7, null], []],
  ])('with BuildIds %j has the builds %j', async (values, builds) => {
    expect((await only(info('a', buildIds(...values))))?.buildIds).toEqual(builds);
  });

  test('that has recorded patches names them', async () => {
    const data = Buffer.from(JSON.stringify(['check-fraud', 'pack-first']));
    const searchAttributes = { indexedFields: { TemporalChangeVersion: { data } } };
    expect((await only(info('a', { searchAttributes })))?.patchIds).toEqual([
      'check-fraud',
      'pack-first',
    ]);
    expect(await only(info('a', {}))).not.toHaveProperty('patchIds');
  });

  test('with BuildIds that cannot be read has none', async () => {
    const broken = { indexedFields: { BuildIds: { data: Buffer.from('{') } } };
    expect((await only(info('a', { searchAttributes: broken })))?.buildIds).toEqual([]);
  });
});

describe('the listing of groups', () => {
  const groups = [
    { group: 'auto-upgrade', query: 'first' },
    { group: 'pinned', query: 'second' },
  ] as const;
  /** What each query finds. */
  const finding = (found: Readonly<Record<string, readonly string[]>>): FakeServer =>
    new FakeServer({
      listWorkflowExecutions: ({ query }) =>
        ListWorkflowExecutionsResponse.fromObject({
          executions: (found[query as string] ?? []).map((runId) => info(runId)),
        }),
    });

  test('has each execution once, in the first group that has it', async () => {
    const { server } = finding({ first: ['a', 'b'], second: ['b', 'c'] });
    const { executions, truncated } = await listGroups(server, groups);
    expect(executions.map(({ runId, group }) => [runId, group])).toEqual([
      ['a', 'auto-upgrade'],
      ['b', 'auto-upgrade'],
      ['c', 'pinned'],
    ]);
    expect(truncated).toBe(false);
  });

  test('is cut where any group is, and leaves each its share', async () => {
    const { server } = finding({ first: ['a', 'b', 'c', 'd'], second: ['e'] });
    const { executions, truncated } = await listGroups(server, groups, 4);
    expect(executions.map(({ runId }) => runId)).toEqual(['a', 'b', 'e']);
    expect(truncated).toBe(true);
  });
});
