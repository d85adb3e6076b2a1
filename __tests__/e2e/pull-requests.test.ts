import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JUDGED_INPUTS, judgedWorkspace, type Judgement } from '../../testing/judged-workspace.js';
import { findNode24 } from '../../testing/node24.js';
import {
  ordersWorkspace,
  type OrdersOptions,
  type OrdersPatch,
} from '../../testing/orders-application.js';
import { ordersServer } from '../../testing/orders-server.js';
import {
  checkHere,
  checkPullRequest,
  type CheckOptions,
  type CheckResult,
} from '../../testing/pull-request-check.js';
import { reportProblems } from '../../testing/report-schema.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { inTier } from '../../testing/tiers.js';
import type { Workspace } from '../../testing/workspace.js';

/**
 * A real server and the fake GitHub: the built action on the machine's Node and on Node 24, and the rest in this
 * process.
 */

let server: Awaited<ReturnType<typeof ordersServer>>;
beforeAll(async () => {
  server = await ordersServer();
});
afterAll(() => server.stop());

async function check(
  patch: OrdersPatch | undefined,
  { files, ...options }: Partial<CheckOptions> & Pick<OrdersOptions, 'files'> = {},
): Promise<CheckResult & { path: string }> {
  const workspace = await ordersWorkspace({
    ...(patch === undefined ? {} : { patch }),
    ...(files === undefined ? {} : { files }),
  });
  return checkIn(workspace, options);
}

/** Of what goes on around the replay: what that comes to is said by a script. */
async function checkJudged(
  judgement: Judgement,
  { inputs, ...options }: Partial<CheckOptions> = {},
): Promise<CheckResult> {
  const workspace = await judgedWorkspace(judgement);
  return checkIn(workspace, { ...options, inputs: { ...JUDGED_INPUTS, ...inputs } });
}

/** With `node`, a process. */
async function checkIn(
  workspace: Workspace,
  options: Partial<CheckOptions>,
): Promise<CheckResult & { path: string }> {
  const run = options.node === undefined ? checkHere : checkPullRequest;
  try {
    const result = await run(workspace, {
      title: '[compatible-v1.0] Check orders for fraud',
      ...options,
      inputs: {
        address: server.address,
        'task-queue': server.taskQueue,
        ...options.inputs,
      },
    });
    expect(result.violations).toEqual([]);
    expect(result.leftBehind ?? []).toEqual([]);
    // Whatever the verdict, the JSON report is one that the schema describes.
    const report: unknown = JSON.parse(readFileSync(result.outputs['report'] ?? '', 'utf8'));
    expect(reportProblems(report)).toEqual([]);
    return { ...result, path: workspace.path };
  } finally {
    await workspace.remove();
  }
}

/** The line of the patched example's source on which a text stands. */
async function lineOf(patch: OrdersPatch, file: string, text: string): Promise<number> {
  const workspace = await ordersWorkspace({ patch });
  const lines = readFileSync(join(workspace.path, file), 'utf8').split('\n');
  await workspace.remove();
  return lines.findIndex((line) => line.includes(text)) + 1;
}

/** What the SDK prints of a divergence. */
const DUMP = /HistoryEvent|Failure \{|TMPRL|Nondeterminism\(|Details:/u;

function failing(message: string): never {
  throw new Error(message);
}

function verdictsOn(on: { readonly node?: string }): void {
  test('a compatible change is green, and every matching execution was replayed', async () => {
    const result = await check('compatible', on);
    expect(result.exitCode).toBe(0);
    expect(result.outputs).toMatchObject({
      verdict: 'compatible',
      reason: 'all-replayed',
      'build-id': 'v1.0',
      nondeterministic: '0',
      'task-failed': '0',
      errored: '0',
    });
    expect(Number(result.outputs['passed'])).toBeGreaterThanOrEqual(server.started.length);
    expect(result.outputs['passed']).toBe(result.outputs['matched']);
    // What the patch guards is run by no history from before it: that is said, and is no warning.
    expect(result.annotations.filter(({ level }) => level !== 'notice')).toEqual([]);
    expect(result.summary).toMatch(/✅ Compatible/u);
  });

  test('an incompatible change is red on the line that issues the diverging command', async () => {
    const result = await check('incompatible', on);
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ verdict: 'incompatible', reason: 'decisive-finding' });
    const line = await lineOf('incompatible', 'src/workflows/order.ts', 'await checkFraud(');
    const [first] = result.annotations;
    expect(first).toMatchObject({ level: 'error', file: 'src/workflows/order.ts', line });
    expect(first?.message).toMatch(/issues activity checkFraud here, where history holds/u);
    expect(first?.message).toMatch(/Other histories hold activity chargeCard there/u);
    expect(first?.message).toMatch(
      /9 running executions of order break, and 12 closed ones\. They are .*and 18 more/u,
    );
    expect(result.summary + result.stdout + JSON.stringify(result.outputs)).not.toMatch(DUMP);
  });
}

describe('on the Node of this machine', () => verdictsOn({ node: process.execPath }));
await inTier('middle', 'pull requests on Node 24', async () => {
  const node24 = await findNode24();
  skipUnless(node24).describe('on Node 24', () => {
    verdictsOn(node24.available ? { node: node24.path } : {});
  });
});

describe('a change that breaks', () => {
  const results: Partial<Record<OrdersPatch, CheckResult>> = {};
  beforeAll(async () => {
    for (const patch of ['throws', 'type-renamed'] as const) results[patch] = await check(patch);
  });
  const of = (patch: OrdersPatch): CheckResult => results[patch] ?? failing(`no check of ${patch}`);

  test('shows no raw dump of the SDK', () => {
    for (const { summary, stdout, outputs } of Object.values(results)) {
      expect(summary + stdout + JSON.stringify(outputs)).not.toMatch(DUMP);
      expect(outputs['verdict']).toBe('incompatible');
    }
  });

  test('one cause is one annotation, that counts its executions and names up to three', async () => {
    const result = of('throws');
    expect(result.annotations.filter(({ level }) => level !== 'notice')).toHaveLength(1);
    const line = await lineOf('throws', 'src/workflows/order.ts', 'new Intl.NumberFormat');
    expect(result.annotations[0]).toMatchObject({ file: 'src/workflows/order.ts', line });
    expect(result.annotations[0]?.message).toMatch(
      /9 running executions of order break, and 12 closed ones/u,
    );
  });

  test('a renamed workflow type is red and says which type executions need', () => {
    const result = of('type-renamed');
    expect(result.annotations[0]?.message).toMatch(/registers no workflow type reminder/u);
  });
});

test('code that reads what replay does not bring back is told as such', async () => {
  const base = await ordersWorkspace();
  const source = readFileSync(join(base.path, 'src/workflows/order.ts'), 'utf8');
  await base.remove();
  // Out of the sandbox, to the worker's own random numbers: another activity in every replay.
  const step = [
    "const outside = (globalThis as any).TextEncoder.constructor('return Math')() as Math;",
    "await (proxyActivities({ startToCloseTimeout: '1 s' }) as any)[`step${outside.random()}`]();",
  ].join('\n');
  const result = await check(undefined, {
    files: { 'src/workflows/order.ts': source.replace('    await reserveStock(', `${step}\n$&`) },
  });

  expect(result.outputs['verdict']).toBe('incompatible');
  const findings = JSON.parse(result.outputs['findings'] ?? '') as { cause: string }[];
  expect(findings.map(({ cause }) => cause)).toEqual(['nondeterministic-source']);
});

test('a title without a claim is green, asks the server nothing, and says that nothing was checked', async () => {
  const result = await checkJudged(
    { breaks: ['order'] },
    {
      title: 'Check orders for fraud',
      inputs: { address: '127.0.0.1:1' },
    },
  );
  expect(result.exitCode).toBe(0);
  expect(result.outputs).toMatchObject({
    verdict: 'not-claimed',
    reason: 'no-claim',
    replayed: '0',
  });
  expect(result.summary).toMatch(/nothing was checked/u);
});

/** The default build of the queue's set, ready to copy. */
const LIVE =
  /Live versions, to copy: \[compatible-v2\.1\] \(default version set of orders, \d+ running\)\./u;

test('a near miss is red and offers both ways out', async () => {
  const result = await checkJudged({}, { title: '[Compatible v1.0] Check orders' });
  expect(result.exitCode).toBe(1);
  expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'malformed-claim' });
  expect(result.annotations[0]?.message).toMatch(
    /write \[compatible-BUILD_ID\].*or remove the brackets/u,
  );
  expect(result.annotations[0]?.message).toMatch(LIVE);
});

test('an unknown build ID is red and says what the server holds', async () => {
  const result = await checkJudged({}, { title: '[compatible-v9] Check orders' });
  expect(result.exitCode).toBe(1);
  expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'unknown-build' });
  expect(result.annotations[0]?.message).toMatch(/orders \[v1\.0, v2\.1\]/u);
  expect(result.annotations[0]?.message).toMatch(LIVE);
});

test('without task-queue, the queues that the server reports for the build ID are used', async () => {
  const result = await checkJudged({}, { inputs: { 'task-queue': '' } });
  expect(result.outputs).toMatchObject({ verdict: 'compatible', reason: 'all-replayed' });
  expect(result.outputs['target']).toContain(server.taskQueue);
});

test('a further query narrows the executions', async () => {
  const result = await checkJudged(
    { breaks: ['order'] },
    { inputs: { query: 'WorkflowType = "reminder"' } },
  );
  expect(result.outputs).toMatchObject({ verdict: 'compatible', matched: '9', passed: '9' });
});

test('a budget that leaves running executions of a type unread is inconclusive, never green', async () => {
  const result = await checkJudged({}, { inputs: { 'max-histories': '4' } });
  expect(result.exitCode).toBe(1);
  expect(result.outputs).toMatchObject({ verdict: 'inconclusive', replayed: '4' });
  expect(result.outputs['reason']).toMatch(/^(budget|type-not-replayed)$/u);
  expect(result.summary).toMatch(/were not replayed: the budget/u);
});

test('a checkout of another commit than the pull request is inconclusive, with both SHAs', async () => {
  const other = 'f'.repeat(40);
  const result = await checkJudged({}, { headSha: other });
  expect(result.exitCode).toBe(1);
  expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'wrong-checkout' });
  expect(result.annotations[0]?.message).toContain(other.slice(0, 12));
});

test('a title that changes while the check runs is inconclusive', async () => {
  const result = await checkJudged(
    {},
    {
      prepare: (github) => {
        // The first read is answered, then somebody edits.
        const original = github.requests.push.bind(github.requests);
        github.requests.push = (...requests) => {
          queueMicrotask(() => github.rename('[compatible-v2.1] Check orders', 7));
          return original(...requests);
        };
      },
    },
  );
  expect(result.exitCode).toBe(1);
  expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'moved' });
});
