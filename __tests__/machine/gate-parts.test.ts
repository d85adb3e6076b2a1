import { afterAll, beforeEach, afterEach, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { readInOrder } from '../../src/gate/fetch-stage.js';
import { HistoryMessage } from '../../src/temporal/history/proto.js';
import type { Execution } from '../../src/model/execution.js';
import { historyParts } from '../../src/machine/gate-parts.js';
import { planReplays } from '../../src/selection/plan-replays.js';
import { timerHistory } from '../../testing/generated-history.js';
import { startGeneratedServer, type GeneratedServer } from '../../testing/generated-server.js';
import { anExecution } from '../builders/executions.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';
import { settingsOf } from '../inputs/reading.js';

/** Reading, from a server that answers after 20 ms: when nothing more is needed, nothing more is asked. */

const COUNT = 500;
const CONCURRENCY = 5;
const LATENCY_MS = 20;

const workspace = new WorkspaceFolder();
afterAll(() => workspace.remove());

const { events } = HistoryMessage.decode(
  timerHistory({ workflowType: 'order', workflowId: '', taskQueue: 'scale', timersByTask: [1] }),
);
const listed: readonly Execution[] = Array.from({ length: COUNT }, (_, number) =>
  anExecution({ workflowId: `order-${number}`, runId: `run-${number}` }),
);

let server: GeneratedServer;
let parts: ReturnType<typeof historyParts>;
let cancelled: AbortController;
beforeEach(async () => {
  server = await startGeneratedServer({
    executions: {
      count: COUNT,
      at: () => ({ workflowId: '', runId: '', workflowType: '', startTime: 0 }),
      events: () => events,
    },
    latencyMs: LATENCY_MS,
  });
  cancelled = new AbortController();
  const settings = settingsOf(
    { address: server.address, versioning: 'none', query: 'TaskQueue = "scale"', 'build-id': 'v1' },
    { workspace },
  );
  parts = historyParts(settings, cancelled.signal);
});
afterEach(async () => {
  await parts.close();
  await server.stop();
});

const reads = (): number => server.requests['GetWorkflowExecutionHistory'] ?? 0;

/** Those that come although nothing more is wanted would be a hundred by then. */
const AWHILE_MS = 1_000;

/** How many there may be for so many that were wanted: those that were under way, twice over. */
const atMost = (taken: number): number => taken + 2 * CONCURRENCY;

test('a stop ends the reading: no request comes after it', async () => {
  const stop = new AbortController();
  let taken = 0;
  for await (const _ of parts.readHistories(listed, stop.signal)) {
    taken += 1;
    if (taken === 20) stop.abort();
  }
  expect(taken).toBe(20);
  await sleep(AWHILE_MS);
  expect(reads()).toBeLessThanOrEqual(atMost(20));
});

test('a consumer that has enough ends it too', async () => {
  const { signal } = new AbortController();
  let taken = 0;
  for await (const _ of parts.readHistories(listed, signal)) {
    taken += 1;
    if (taken === 20) break;
  }
  await sleep(AWHILE_MS);
  expect(reads()).toBeLessThanOrEqual(atMost(20));
});

test('and so does the last replay of the budget, whatever is left to be read', async () => {
  const { signal } = new AbortController();
  const plan = planReplays(listed, {
    select: 'coverage',
    maxReads: COUNT,
    maxHistories: 20,
    seed: 1,
  });
  let taken = 0;
  for await (const _ of readInOrder(plan, parts, signal)) taken += 1;
  expect(taken).toBe(20);
  const sofar = reads();
  expect(sofar).toBeLessThan(COUNT / 2);
  await sleep(AWHILE_MS);
  expect(reads()).toBeLessThanOrEqual(atMost(sofar));
});

test('a cancelled job ends it, with the connection', async () => {
  const { signal } = new AbortController();
  let taken = 0;
  await expect(
    (async () => {
      for await (const _ of parts.readHistories(listed, signal)) {
        taken += 1;
        if (taken < 20) continue;
        cancelled.abort(new Error('cancelled'));
        await parts.close();
      }
    })(),
  ).rejects.toThrow();
  await sleep(AWHILE_MS);
  expect(reads()).toBeLessThanOrEqual(atMost(20));
});
