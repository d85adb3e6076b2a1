import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { OrdersApplication, ordersWorkspace } from '../../testing/orders-application.js';
import { ordersServer } from '../../testing/orders-server.js';
import { checkHere, type CheckResult } from '../../testing/pull-request-check.js';
import { registerBuildIds } from '../../testing/version-sets.js';

/** The example application's payload codec, and `replay-options` that brings it to the replay. */
describe('encrypted executions', () => {
  const taskQueue = 'encrypted-orders';
  let server: Awaited<ReturnType<typeof ordersServer>>;
  beforeAll(async () => {
    server = await ordersServer();
    await registerBuildIds(server, taskQueue, [
      { operation: 'addNewIdInNewDefaultSet', buildId: 'e1' },
    ]);
    const application = await OrdersApplication.compile();
    await application.runExecutions(
      { server, taskQueue, buildId: 'e1', environment: { ENCRYPT: '1' } },
      1,
    );
    await application.remove();
  });
  afterAll(() => server.stop());

  async function check(inputs: Record<string, string>): Promise<CheckResult> {
    const workspace = await ordersWorkspace({ patch: 'harmless' });
    const result = await checkHere(workspace, {
      title: '[compatible-e1] Tidy up',
      inputs: { address: server.address, 'task-queue': taskQueue, ...inputs },
    });
    await workspace.remove();
    return result;
  }

  test('pass with the codec of replay-options', async () => {
    const result = await check({ 'replay-options': 'src/replay-options.ts' });
    expect(result.outputs).toMatchObject({ verdict: 'compatible', passed: '21' });
  });

  test('cannot be judged without it, which is said and is no break of the code', async () => {
    const result = await check({});
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ verdict: 'inconclusive', 'task-failed': '0' });
    expect(result.summary).toMatch(/encoded as binary.*encrypted.*set replay&#45;options/u);
  });
});
