/** @tier middle */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { OrdersApplication, ordersWorkspace } from '../../testing/orders-application.js';
import { ordersServer } from '../../testing/orders-server.js';
import { startCheck } from '../../testing/pull-request-check.js';
import { withConnection } from '../../testing/temporal-client.js';
import { registerBuildIds } from '../../testing/version-sets.js';

const TASK_QUEUE = 'orders-that-vanish';
const COUNT = 16;

let server: Awaited<ReturnType<typeof ordersServer>>;
let workflowIds: string[];
beforeAll(async () => {
  server = await ordersServer();
  await registerBuildIds(server, TASK_QUEUE, [
    { operation: 'addNewIdInNewDefaultSet', buildId: 'g1' },
  ]);
  const application = await OrdersApplication.compile();
  const run = { server, taskQueue: TASK_QUEUE, buildId: 'g1' };
  const started = await application.runExecutions(run, COUNT, ['reminder-sleeping']);
  workflowIds = started.map(({ workflowId }) => workflowId);
  await application.remove();
});
afterAll(() => server.stop());

test('executions that vanish between the listing and the read are gone, and decide nothing', async () => {
  const workspace = await ordersWorkspace({ patch: 'harmless' });
  const check = await startCheck(workspace, {
    title: '[compatible-g1] Rename a variable',
    inputs: {
      address: server.address,
      'task-queue': TASK_QUEUE,
      // Slowly, so that they go while histories are being read.
      'fetch-concurrency': '1',
      'max-requests-per-second': '1',
    },
  });
  await check.running.untilLogged(new RegExp(`^Replayed \\d+ of ${COUNT}`, 'u'));
  await withConnection({ address: server.address }, async ({ workflowService }) => {
    for (const workflowId of workflowIds) {
      await workflowService.deleteWorkflowExecution({
        namespace: server.namespace,
        workflowExecution: { workflowId },
      });
    }
  });
  const result = await check.running.finished;
  await check.stop();
  await workspace.remove();
  const { outputs } = result;
  expect(outputs).toMatchObject({
    verdict: 'compatible',
    reason: 'some-replayed',
    matched: String(COUNT),
  });
  expect(Number(outputs['gone'])).toBeGreaterThan(0);
  expect(Number(outputs['gone']) + Number(outputs['passed'])).toBe(COUNT);
  expect(result.exitCode).toBe(0);
  expect(result.summary).toMatch(/gone: it vanished between the listing and the read/u);
});
