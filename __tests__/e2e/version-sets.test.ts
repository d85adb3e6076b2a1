/** @tier middle */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ordersWorkspace, type OrdersPatch } from '../../testing/orders-application.js';
import { fillWithOrders, type OrdersServer } from '../../testing/orders-server.js';
import { checkHere, type CheckResult } from '../../testing/pull-request-check.js';
import { findTemporalServer } from '../../testing/temporal-binary.js';
import { startServer, type RunningServer } from '../../testing/temporal-server.js';
import { skipUnless } from '../../testing/skip-unless.js';

/** Version sets on the newest server; pull-requests.test.ts has the same and more on the dev server. */
const onServer = skipUnless(await findTemporalServer()).describe;

onServer('on the server 1.32', () => {
  let server: RunningServer;
  let filled: OrdersServer;
  beforeAll(async () => {
    server = await startServer();
    filled = await fillWithOrders(server, 'orders');
  });
  afterAll(() => server.stop());

  async function check(
    patch: OrdersPatch,
    buildId: string,
  ): Promise<CheckResult & { lines: readonly string[] }> {
    const workspace = await ordersWorkspace({ patch });
    try {
      const result = await checkHere(workspace, {
        title: `[compatible-${buildId}] Check orders for fraud`,
        inputs: { address: filled.address, 'task-queue': filled.taskQueue },
      });
      const source = readFileSync(join(workspace.path, 'src/workflows/order.ts'), 'utf8');
      return { ...result, lines: source.split('\n') };
    } finally {
      await workspace.remove();
    }
  }

  test('a compatible change is green, and every matching execution was replayed', async () => {
    const { outputs, exitCode } = await check('compatible', 'v1.0');
    expect(exitCode).toBe(0);
    expect(outputs).toMatchObject({ verdict: 'compatible', reason: 'all-replayed' });
    expect(Number(outputs['passed'])).toBeGreaterThanOrEqual(filled.started.length);
    expect(outputs['target']).toMatch(/version set of v1\.0.*orders \[v1\.0, v2\.1\]/u);
  });

  test('an incompatible change is red on the line that issues the diverging command', async () => {
    const { outputs, exitCode, annotations, lines } = await check('incompatible', 'v1.0');
    expect(exitCode).toBe(1);
    expect(outputs).toMatchObject({ verdict: 'incompatible', reason: 'decisive-finding' });
    expect(annotations[0]).toMatchObject({
      level: 'error',
      file: 'src/workflows/order.ts',
      line: lines.findIndex((line) => line.includes('await checkFraud(')) + 1,
    });
  });

  test('an unknown build ID is red and says what the server holds', async () => {
    const { outputs, exitCode, annotations } = await check('compatible', 'v9');
    expect(exitCode).toBe(1);
    expect(outputs).toMatchObject({ verdict: 'inconclusive', reason: 'unknown-build' });
    expect(annotations[0]?.message).toMatch(/orders \[v1\.0, v2\.1\]/u);
  });
});
