import { expect, test } from '@jest/globals';
import { ordersWorkspace } from '../../testing/orders-application.js';
import { fillWithOrders } from '../../testing/orders-server.js';
import { startCheck } from '../../testing/pull-request-check.js';
import { startDevServer } from '../../testing/temporal-server.js';

test('a server that is lost in the middle: what was found is reported, and it is red', async () => {
  const server = await startDevServer();
  const filled = await fillWithOrders(server, 'orders');
  const workspace = await ordersWorkspace({ patch: 'compatible' });
  const check = await startCheck(workspace, {
    title: '[compatible-v1.0] Check orders for fraud',
    inputs: {
      address: filled.address,
      'task-queue': filled.taskQueue,
      // Slowly, so that the server goes while histories are being read.
      'fetch-concurrency': '1',
      'max-requests-per-second': '5',
    },
  });
  await check.running.untilLogged(/^Replayed \d+ of 63/u);
  await server.stop();
  const result = await check.running.finished;
  await check.stop();
  await workspace.remove();
  expect(result.exitCode).toBe(1);
  expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'error', matched: '63' });
  expect(Number(result.outputs['passed'])).toBeGreaterThan(0);
  expect(Number(result.outputs['passed'])).toBeLessThan(63);
  expect(result.annotations[0]?.message).toMatch(/cannot be reached \(reading a history\)/u);
  expect(result.summary).toMatch(/Workflow type/u);
  expect(result.leftBehind ?? []).toEqual([]);
});
