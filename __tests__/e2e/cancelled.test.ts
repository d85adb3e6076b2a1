import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ordersWorkspace } from '../../testing/orders-application.js';
import { ordersServer } from '../../testing/orders-server.js';
import { startCheck } from '../../testing/pull-request-check.js';
import { reaches } from '../../testing/tiers.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';

/** A job that is cancelled: what was found is reported, it is red, and nothing stays behind. */

let server: Awaited<ReturnType<typeof ordersServer>>;
beforeAll(async () => {
  server = await ordersServer();
});
afterAll(() => server.stop());

/** A workflow that never ends its turn: only SIGKILL ends the process that replays it. */
const ENDLESS = {
  'src/workflows/reminder.ts':
    'export async function reminder(): Promise<number> {\n  for (;;);\n}\n',
};

describe.each(reaches('middle') ? (['SIGINT', 'SIGTERM'] as const) : (['SIGINT'] as const))(
  'by %s',
  (signal) => {
    test('while workflow code loops for ever', async () => {
      const temporary = await temporaryFolder('cancelled');
      // Compatible but for the loop: a break that was seen would stand, cancelled or not.
      const workspace = await ordersWorkspace({ patch: 'compatible', files: ENDLESS });
      const check = await startCheck(workspace, {
        title: '[compatible-v1.0] Loop',
        env: { TMPDIR: temporary },
        inputs: {
          address: server.address,
          'task-queue': server.taskQueue,
          'history-timeout': '10m',
          'replay-concurrency': '1',
        },
      });
      await sleep(6000);
      const cancelledAt = Date.now();
      check.running.kill(signal);
      const result = await check.running.finished;
      await check.stop();
      await workspace.remove();
      // The runner kills after 10 s: everything must be written long before.
      expect(Date.now() - cancelledAt).toBeLessThan(5000);
      expect(result.signal).toBeNull();
      expect(result.exitCode).toBe(1);
      expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'cancelled' });
      // Found until then: the first round replays one execution of each kind before a reminder's.
      expect(Number(result.outputs['matched'])).toBeGreaterThan(0);
      expect(result.summary).toMatch(/was cancelled/u);
      expect(existsSync(result.outputs['report'] ?? '')).toBe(true);
      expect(result.leftBehind ?? []).toEqual([]);
      expect(readdirSync(temporary)).toEqual([]);
    });
  },
);

test('an endless loop costs its own history: the limit, and one more try alone', async () => {
  const workspace = await ordersWorkspace({ patch: 'compatible', files: ENDLESS });
  const check = await startCheck(workspace, {
    title: '[compatible-v1.0] Loop',
    inputs: {
      address: server.address,
      'task-queue': server.taskQueue,
      query:
        'WorkflowType = "reminder" AND ExecutionStatus = "Completed" OR WorkflowType = "order"',
      'history-timeout': '500ms',
    },
  });
  const result = await check.running.finished;
  await check.stop();
  await workspace.remove();
  // Orders pass; the reminders that hang are closed ones, so they decide nothing and are told.
  expect(result.outputs).toMatchObject({ verdict: 'compatible', errored: '3' });
  expect(Number(result.outputs['passed'])).toBeGreaterThan(20);
  expect(result.summary).toMatch(/3 × .*did not end within 2 s, even alone/u);
  expect(result.leftBehind ?? []).toEqual([]);
});
