import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { JUDGED_INPUTS, judgedWorkspace } from '../../testing/judged-workspace.js';
import { startLyingServer, type LyingServer } from '../../testing/lying-server.js';
import { OrdersApplication } from '../../testing/orders-application.js';
import { ordersServer } from '../../testing/orders-server.js';
import { checkHere, type CheckResult } from '../../testing/pull-request-check.js';
import { reportProblems } from '../../testing/report-schema.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import { ThreeJobs } from '../../testing/three-jobs.js';
import { registerBuildIds } from '../../testing/version-sets.js';
import type { Workspace } from '../../testing/workspace.js';

/** A real server, with a store of the histories that earlier runs have read. */

const TASK_QUEUE = 'orders-kept';

let server: Awaited<ReturnType<typeof ordersServer>>;
let application: OrdersApplication;
let workspace: Workspace;
let front: LyingServer;
let store: string;
let asked: Record<string, number> = {};
beforeAll(async () => {
  server = await ordersServer();
  // Of its own: they go on while this runs.
  await registerBuildIds(server, TASK_QUEUE, [
    { operation: 'addNewIdInNewDefaultSet', buildId: 'k1' },
  ]);
  application = await OrdersApplication.compile();
  await application.runExecutions({ server, taskQueue: TASK_QUEUE, buildId: 'k1' }, 1);
  workspace = await judgedWorkspace();
  // Tells the truth, and counts.
  front = await startLyingServer(server.address, (method) => {
    asked[method] = (asked[method] ?? 0) + 1;
    return undefined;
  });
});
afterAll(async () => {
  await front.stop();
  await workspace.remove();
  await application.remove();
  await server.stop();
});
beforeEach(async () => {
  store = await temporaryFolder('histories');
});
afterEach(() => removeFolder(store));

interface Checked {
  readonly result: CheckResult;
  /** Histories that were asked for. */
  readonly reads: number;
  readonly report: {
    readonly effort: {
      readonly requests: number;
      readonly histories: number;
      readonly store?: { readonly reused: number; readonly unusable: number };
    };
    readonly outcomes: readonly {
      readonly kind: string;
      readonly execution: { readonly status: string };
    }[];
    readonly warnings: readonly string[];
  };
}

async function check(inputs: Readonly<Record<string, string>>): Promise<Checked> {
  asked = {};
  const result = await checkHere(workspace, {
    title: '[compatible-k1] Check orders for fraud',
    inputs: {
      address: front.address,
      'task-queue': TASK_QUEUE,
      'show-workflow-ids': 'true',
      ...JUDGED_INPUTS,
      ...inputs,
    },
  });
  const report = JSON.parse(
    readFileSync(result.outputs['report'] ?? '', 'utf8'),
  ) as Checked['report'];
  expect(reportProblems(report)).toEqual([]);
  return { result, reads: asked['GetWorkflowExecutionHistory'] ?? 0, report };
}

const cached = (): Readonly<Record<string, string>> => ({
  'history-cache': store,
  'history-cache-passphrase': 'the passphrase of a test',
});

const kinds = ({ report }: Checked): string[] =>
  report.outcomes.map((outcome) => JSON.stringify(outcome)).sort();

const running = ({ report }: Checked): number =>
  report.outcomes.filter(({ execution }) => execution.status === 'Running').length;

/** What each replay took is of no interest. */
const withoutTimes = (outcomes: string[]): string[] =>
  outcomes.map((outcome) => outcome.replace(/"durationMs":[\d.]+,?/u, ''));

test('the second run reads no closed execution again, and comes to the same', async () => {
  const without = await check({});
  const first = await check(cached());
  const second = await check(cached());
  const closed = second.report.outcomes.length - running(second);
  expect(closed).toBeGreaterThan(5);
  expect(first.reads).toBe(without.reads);
  expect(second.reads).toBe(running(second));
  expect(second.report.effort.store).toEqual({ reused: closed, unusable: 0 });
  expect(second.report.effort.histories).toBe(running(second));
  // Which cluster it is was asked for too, and is counted.
  expect(second.report.effort.requests).toBe(without.report.effort.requests + 1 - closed);
  for (const one of [first, second]) {
    expect(withoutTimes(kinds(one))).toEqual(withoutTimes(kinds(without)));
    expect(one.result.outputs).toMatchObject({
      verdict: without.result.outputs['verdict'],
      passed: without.result.outputs['passed'],
    });
    expect(one.report.warnings).toEqual(without.report.warnings);
  }
  expect(second.result.summary).toContain(`${closed} taken from history-cache`);
});

test('executions that close, continue as new or are reset meanwhile are read as they are now', async () => {
  await check(cached());
  let resetRun = '';
  const connection = await Connection.connect({ address: server.address });
  const worker = await application.startWorker({
    server,
    taskQueue: TASK_QUEUE,
    buildId: 'k1',
  });
  try {
    const client = new Client({ connection });
    const list = client.workflow.list({
      query: `TaskQueue = "${TASK_QUEUE}" AND ExecutionStatus = "Completed"`,
    });
    let completed: { readonly workflowId: string; readonly runId: string } | undefined;
    for await (const one of list) completed ??= one;
    if (completed === undefined) throw new Error('nothing has completed');
    ({ runId: resetRun } = await connection.workflowService.resetWorkflowExecution({
      namespace: server.namespace,
      workflowExecution: { workflowId: completed.workflowId, runId: completed.runId },
      workflowTaskFinishEventId: 3 as never,
      requestId: 'history-cache',
      reason: 'a test',
    }));
    // It counts as one of the build's when a worker of the build has done something for it.
    const ofBuild = `WorkflowId = "${completed.workflowId}" AND BuildIds = "versioned:k1"`;
    while ((await client.workflow.count(ofBuild)).count < 2) await sleep(200);
  } finally {
    await worker.stop();
    await connection.close();
  }
  const without = await check({});
  const second = await check(cached());
  expect(second.report.effort.store?.reused).toBeGreaterThan(5);
  expect(kinds(second).filter((outcome) => outcome.includes(resetRun))).toHaveLength(1);
  expect(withoutTimes(kinds(second))).toEqual(withoutTimes(kinds(without)));
}, 120_000);

test('entries that are damaged, or of another passphrase, are read anew, with one warning', async () => {
  const first = await check(cached());
  const names = (await readdir(store)).filter((name) => name !== 'key');
  for (const name of names) {
    const path = join(store, name);
    await writeFile(path, (await readFile(path)).subarray(0, -3));
  }
  const damaged = await check(cached());
  expect(damaged.reads).toBe(first.reads);
  expect(damaged.report.effort.store).toEqual({ reused: 0, unusable: names.length });
  expect(damaged.report.warnings.filter((one) => one.includes('history-cache'))).toEqual([
    `${names.length} entries of history-cache were damaged, or sealed with another passphrase; the histories were read again.`,
  ]);
  const other = await check({ ...cached(), 'history-cache-passphrase': 'another passphrase now' });
  expect(other.reads).toBe(first.reads);
  expect(other.report.warnings.filter((one) => one.includes('history-cache'))).toHaveLength(1);
  for (const one of [damaged, other]) {
    expect(withoutTimes(kinds(one))).toEqual(withoutTimes(kinds(first)));
    expect(one.result.outputs['verdict']).toBe(first.result.outputs['verdict']);
  }
});

test('a fetch job of three keeps histories too, and the report job tells what was taken', async () => {
  const { report } = await check(cached());
  const closed = report.outcomes.filter(({ execution }) => execution.status !== 'Running').length;
  const jobs = await ThreeJobs.of(workspace, {
    title: '[compatible-k1] Check orders for fraud',
    replayInputs: JUDGED_INPUTS,
    here: true,
  });
  try {
    asked = {};
    const merged = await jobs.run(1, {
      fetch: { address: front.address, 'task-queue': TASK_QUEUE, ...cached() },
    });
    expect(asked['GetWorkflowExecutionHistory']).toBe(report.outcomes.length - closed);
    const told = JSON.parse(
      readFileSync(merged.outputs['report'] ?? '', 'utf8'),
    ) as Checked['report'];
    expect(told.effort.store).toEqual({ reused: closed, unusable: 0 });
  } finally {
    await jobs.stop();
  }
});

test('a folder in the checkout is refused before anything is read', async () => {
  const { result, reads } = await check({
    ...cached(),
    'history-cache': join(workspace.path, 'histories'),
  });
  expect(reads).toBe(0);
  expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'error' });
  expect(result.annotations[0]?.message).toContain(
    'is not in the checkout and does not contain it',
  );
});
