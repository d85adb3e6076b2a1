import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { queryFormProblem } from '../../src/inputs/query-form.js';
import { queryProblem } from '../../src/model/queryable.js';
import { Server } from '../../src/temporal/connection.js';
import {
  buildIdQuery,
  deploymentQueries,
  traceQuery,
  versionSetQuery,
} from '../../src/temporal/query.js';
import { GRPC, grpcCode } from '../../src/temporal/server-problem.js';
import { figure } from '../../testing/notes.js';
import { ordersServer } from '../../testing/orders-server.js';
import { share } from '../../testing/tiers.js';
import { firstSeed, repeatWords } from '../../testing/seeds.js';
import { hostileText } from '../untrusted/hostile-text.js';

/**
 * Names that others chose and filters that users write, against a real server's parser of queries. The
 * server is full of executions, and every query demands a queue or a deployment that is not there: one
 * that selects anything has let its text become syntax.
 */

const TO_SERVER = share({ fast: 60, middle: 200, trust: 2_000 });
const TO_JUDGE = share({ fast: 2_000, middle: 5_000, trust: 100_000 });

let orders: Awaited<ReturnType<typeof ordersServer>>;
let server: Server;
beforeAll(async () => {
  orders = await ordersServer();
  server = await Server.connect(
    { address: orders.address, namespace: orders.namespace },
    { maxRequestsPerSecond: undefined, signal: new AbortController().signal },
  );
});
afterAll(async () => {
  await server.close();
  await orders.stop();
});

/** What queries are made of, in any order. */
const syntax = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ' OR ',
        ' AND ',
        ' or ',
        ' NOT ',
        ' IN ',
        ' IS NULL',
        ' IS NOT NULL',
        ' BETWEEN ',
      ),
      fc.constantFrom('(', ')', ') OR (', '"', "'", '`', '""', "''", '\\', '\\"', "\\'", ',', ';'),
      fc.constantFrom('--', '-- ', '#', '/*', '*/', '/*!', '\n', '\r', '\t', '\u0000', '{', '}'),
      fc.constantFrom(
        ' LIMIT 1',
        ' ORDER BY StartTime',
        ' GROUP BY ExecutionStatus',
        ' UNION SELECT 1',
      ),
      fc.constantFrom(
        'WorkflowType = "order"',
        "WorkflowType = 'order'",
        'ExecutionStatus = "Running"',
        'TaskQueue = "orders"',
        'CloseTime IS NULL',
        'WorkflowId STARTS_WITH "o"',
        'StartTime > "2020-01-01T00:00:00Z"',
        '1 = 1',
        'true',
      ),
      fc.constantFrom('=', '!=', '<', '>', 'x', '1', '%', '_', ':', '.', '@a', '$1', '?', ':v1'),
      hostileText,
    ),
    { maxLength: 8 },
  )
  .map((pieces) => pieces.join(''));

/** Whole filters with something around them that could take the parentheses of ours away. */
const filter = fc.oneof(
  syntax,
  fc
    .tuple(
      fc.constantFrom('', '/* ( */ ', '-- (\n', '# (\n', '// (\n', '"(" = "(" AND '),
      fc.constantFrom('WorkflowType = "order"', 'CloseTime IS NULL', 'TaskQueue = "orders"'),
      fc.constantFrom(') OR (', ' OR ', ') or (', ') OR WorkflowType != ("x"'),
      fc.constantFrom('WorkflowType = "order"', 'CloseTime IS NULL', 'TaskQueue = "orders"'),
      fc.constantFrom('', ' /* ) */', ' -- )\n', ' # )\n', ' AND ")" = ")"', ' --', ' /*', ' #'),
    )
    .map((pieces) => pieces.join('')),
);

/** @returns how many are selected; undefined where the server refuses the query */
async function selected(query: string): Promise<number | undefined> {
  try {
    const { count } = await server.request(
      'counting executions',
      (service) => service.countWorkflowExecutions({ namespace: orders.namespace, query }),
      (error) => grpcCode(error) === GRPC.INVALID_ARGUMENT,
    );
    return Number(count);
  } catch (error) {
    if (grpcCode(error) === GRPC.INVALID_ARGUMENT) return undefined;
    throw error;
  }
}

/** Every query that is built of names. The queue is not there, whatever the name is. */
function queriesOf(name: string): string[] {
  const nowhere = ['no-such-queue'];
  const deployment = {
    deploymentName: `no-such-deployment ${name}`,
    buildId: name,
    liveBuildIds: [name],
    taskQueues: [`no-such-queue ${name}`],
    narrowed: true,
    knowsUsedVersions: false,
    userQuery: undefined,
  };
  return [
    versionSetQuery([`no-such-queue ${name}`], [name], undefined),
    versionSetQuery(nowhere, [name, `${name}2`], undefined),
    buildIdQuery(name, { deploymentName: name, taskQueues: nowhere, userQuery: undefined }),
    traceQuery([name], 'versioned', nowhere),
    ...deploymentQueries(deployment).map(({ query }) => query),
  ];
}

test('the server holds what a query that got loose would select', async () => {
  expect(await selected('TaskQueue = "orders"')).toBeGreaterThan(50);
  expect(await selected('TaskQueue = "no-such-queue" OR WorkflowType = "order"')).toBeGreaterThan(
    1,
  );
});

test('a name is compared, and never read as syntax', async () => {
  const seed = firstSeed();
  const names = fc.oneof(hostileText, syntax).filter((name) => queryProblem(name) === undefined);
  await fc.assert(
    fc.asyncProperty(names, fc.nat(), async (name, which) => {
      const queries = queriesOf(name);
      const query = queries[which % queries.length] ?? '';
      expect([query, await selected(query)]).toEqual([query, 0]);
    }),
    { numRuns: TO_SERVER, seed },
  );
  figure(
    "injection: the real server's query parser, names",
    `${TO_SERVER} queries, ${repeatWords(seed)}; 0 breaches`,
  );
});

test('a filter narrows what is selected, or is refused', async () => {
  const seed = firstSeed();
  let refused = 0;
  const filters = filter.filter(
    (text) => text.trim() !== '' && queryFormProblem(text) === undefined,
  );
  await fc.assert(
    fc.asyncProperty(filters, async (userQuery) => {
      const count = await selected(versionSetQuery(['no-such-queue'], ['v1.0'], userQuery));
      if (count === undefined) refused += 1;
      expect([userQuery, count ?? 0]).toEqual([userQuery, 0]);
    }),
    { numRuns: TO_SERVER, seed },
  );
  figure(
    "injection: the real server's query parser, filters",
    `${TO_SERVER} queries, ${refused} of them refused by the server, ${repeatWords(seed)}; 0 breaches`,
  );
});

/** The values between the quotes of a query, as a parser takes them; undefined where it does not add up. */
function valuesIn(query: string): string[] | undefined {
  const parts = query.split('"');
  return parts.length % 2 === 1 ? parts.filter((_, index) => index % 2 === 1) : undefined;
}

test('whatever the name, a query holds it whole between two quotes, or is not built', () => {
  const seed = firstSeed();
  let built = 0;
  fc.assert(
    fc.property(fc.oneof(hostileText, syntax), (name) => {
      if (queryProblem(name) !== undefined) {
        expect(() => versionSetQuery([name], ['v1.0'], undefined)).toThrow('reached a query');
        return;
      }
      built += 1;
      for (const query of queriesOf(name)) {
        const values = valuesIn(query);
        expect(values?.some((value) => value.includes(name))).toBe(true);
        expect(query).not.toMatch(/[\p{Cc}\\'`]/u);
        // What is left without the values is ours alone.
        const frame = query.replace(/"[^"]*"/gu, '?');
        expect(frame).toMatch(/^[A-Za-z =?(),]*$/u);
      }
    }),
    { numRuns: TO_JUDGE, seed },
  );
  figure(
    'injection: names in queries',
    `${TO_JUDGE} names, of ${built} a query was built, ${repeatWords(seed)}; 0 breaches`,
  );
});
