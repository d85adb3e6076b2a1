import { describe, expect, test } from '@jest/globals';
import type { Target } from '../../src/model/target.js';
import { explainNoMatch } from '../../src/temporal/explain-no-match.js';
import { withoutFilter } from '../../src/temporal/query.js';
import type { Scope } from '../../src/temporal/resolve-target.js';
import { FakeServer, grpcError } from '../builders/fake-server.js';
import { aVersionSetTarget } from '../builders/gate-parts.js';

const SCOPE: Scope = {
  versioning: 'version-set',
  deploymentName: undefined,
  taskQueues: ['orders'],
  query: undefined,
};

/** The set of the builder's target, which is its queue's default. */
const SETS = [{ buildIds: ['v1.0', 'v1.1'] }];

interface Held {
  readonly workflowType?: string;
  readonly taskQueue?: string;
}

/** A server that holds executions by the query that finds them; the empty query counts by status. */
function holding(
  byQuery: Readonly<Record<string, readonly Held[]>>,
  status: Readonly<Record<string, number>> = {},
  majorVersionSets: readonly object[] = SETS,
): FakeServer {
  const of = (query: unknown): readonly Held[] => byQuery[query as string] ?? [];
  return new FakeServer({
    countWorkflowExecutions: ({ query }) =>
      /GROUP BY ExecutionStatus$/u.test(query as string)
        ? {
            groups: Object.entries(status).map(([name, count]) => ({
              groupValues: [{ data: Buffer.from(JSON.stringify(name)) }],
              count,
            })),
          }
        : { count: of(query).length },
    listWorkflowExecutions: ({ query }) => ({
      executions: of(query).map(({ workflowType = 'order', taskQueue = 'orders' }, at) => ({
        execution: { workflowId: `order-${at}`, runId: `run-${at}` },
        type: { name: workflowType },
        taskQueue,
      })),
      nextPageToken: new Uint8Array(),
    }),
    getWorkerBuildIdCompatibility: () => ({ majorVersionSets }),
  });
}

const explain = (fake: FakeServer, scope: Partial<Scope> = {}, target?: Target) =>
  explainNoMatch(fake.server, target ?? aVersionSetTarget(), { ...SCOPE, ...scope });

const WAITING = 'TaskQueue = "orders" AND BuildIds IS NULL AND CloseTime IS NULL';

describe('nothing of a version set', () => {
  test('is the input query where there is something without it', async () => {
    const target = aVersionSetTarget();
    const query = 'WorkflowType = "x"';
    const filtered = { ...target, query: `${target.query} AND (${query})` };
    const fake = holding({ [target.query]: [{}, {}] });
    expect(await explain(fake, { query }, filtered)).toMatchObject({
      kind: 'query-mismatch',
      explanation: expect.stringContaining('Without the input query 2 executions would match'),
    });
  });

  test('is the task queue where there is something on another', async () => {
    const fake = holding({
      'BuildIds IN ("versioned:v1.0", "versioned:v1.1")': [{ taskQueue: 'parcels' }],
    });
    expect(await explain(fake)).toMatchObject({
      kind: 'query-mismatch',
      explanation: expect.stringMatching(/excludes it.*on parcels/u),
    });
  });

  test('is not started where something waits, and the types are told', async () => {
    const waiting = [{ workflowType: 'refund' }, { workflowType: 'order' }, {}];
    expect(await explain(holding({ [WAITING]: waiting }))).toEqual({
      kind: 'not-started',
      waiting: 3,
      workflowTypes: ['order', 'refund'],
    });
  });

  test('is not what waits for the default set of its queue', async () => {
    const sets = [...SETS, { buildIds: ['v2.0'] }];
    const fake = holding({ [WAITING]: [{}] }, { Running: 1 }, sets);
    expect(await explain(fake)).toMatchObject({ kind: 'empty' });
  });

  test('is told with what the namespace holds, most first', async () => {
    expect(await explain(holding({}, { Running: 2, Completed: 40 }))).toMatchObject({
      kind: 'empty',
      explanation: expect.stringContaining('holds 40 Completed, 2 Running'),
    });
    expect(await explain(holding({}))).toMatchObject({
      explanation: expect.stringContaining('holds no execution at all'),
    });
  });

  test('is counted without groups where the store cannot group', async () => {
    const error = grpcError(3, 'INVALID_ARGUMENT', 'GROUP BY clause is not supported');
    const fake = new FakeServer({
      countWorkflowExecutions: ({ query }) =>
        (query as string).includes('GROUP BY')
          ? Promise.reject(error)
          : { count: query === '' ? 7 : 0 },
      getWorkerBuildIdCompatibility: () => ({ majorVersionSets: SETS }),
    });
    expect(await explain(fake)).toMatchObject({
      explanation: expect.stringContaining('holds 7 executions'),
    });
  });

  test('stays without an explanation where the server gives none', async () => {
    const fake = new FakeServer({
      countWorkflowExecutions: () => Promise.reject(new Error('the server is busy')),
    });
    expect(await explain(fake)).toEqual({ kind: 'not-known', explanation: 'the server is busy' });
  });

  test('costs a handful of requests', async () => {
    const fake = holding({}, { Running: 1 });
    await explain(fake);
    expect(fake.requests.length).toBeLessThanOrEqual(8);
  });
});

test('a filter is taken off only where it is', () => {
  expect(withoutFilter('A = 1 AND (B = 2)', 'B = 2')).toBe('A = 1');
  expect(() => withoutFilter('A = 1', 'B = 2')).toThrow('without the filter');
});
