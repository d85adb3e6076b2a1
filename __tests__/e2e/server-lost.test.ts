import { expect, test } from '@jest/globals';
import { JUDGED_INPUTS, judgedWorkspace } from '../../testing/judged-workspace.js';
import { startLyingServer } from '../../testing/lying-server.js';
import { ordersServer } from '../../testing/orders-server.js';
import { checkHere } from '../../testing/pull-request-check.js';

test('a server that is lost in the middle: what was found is reported, and it is red', async () => {
  const server = await ordersServer();
  const workspace = await judgedWorkspace();
  let lost: Promise<void> | undefined;
  const front = await startLyingServer(server.address, (method, call) => {
    if (method === 'GetWorkflowExecutionHistory' && call === 20) lost = front.stop();
    return undefined;
  });
  try {
    const result = await checkHere(workspace, {
      title: '[compatible-v1.0] Check orders for fraud',
      inputs: {
        address: front.address,
        'task-queue': server.taskQueue,
        'fetch-concurrency': '1',
        ...JUDGED_INPUTS,
      },
    });
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({
      verdict: 'inconclusive',
      reason: 'error',
      matched: '63',
      passed: '20',
    });
    expect(result.annotations[0]?.message).toMatch(/cannot be reached \(reading a history\)/u);
    expect(result.summary).toMatch(/Workflow type/u);
    expect(result.leftBehind ?? []).toEqual([]);
  } finally {
    await lost;
    await workspace.remove();
    await server.stop();
  }
});
