/** @tier trust */
import { afterAll, beforeAll, expect, jest } from '@jest/globals';
import { layBeside } from '../../src/diagnosis/align.js';
import { findGoSdk, GO_SDKS } from '../../testing/go-modules.js';
import { goOrdersApplication, goOrdersWorkspace } from '../../testing/go-orders.js';
import type { OrdersPatch } from '../../testing/orders-application.js';
import { findTemporalCli } from '../../testing/temporal-binary.js';
import { startDevServer, type RunningServer } from '../../testing/temporal-server.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { registerBuildIds } from '../../testing/version-sets.js';
import { GoReplayer } from './go-replayer.js';
import { ordersHistories, type OrdersHistory } from './orders-histories.js';
import { sourceLine } from './source-line.js';
import { recordedHistory } from '../builders/recorded-history.js';

jest.setTimeout(900_000);

const sdk = await findGoSdk(GO_SDKS.newest);
const cli = await findTemporalCli();
// In every run e2e/languages has executions of the same application.
const { describe, it } = skipUnless(sdk, cli);

describe('executions of the example application in Go', () => {
  let server: RunningServer;
  let histories: OrdersHistory[] = [];

  beforeAll(async () => {
    server = await startDevServer();
    const taskQueue = 'orders-go';
    await registerBuildIds(server, taskQueue, [
      { operation: 'addNewIdInNewDefaultSet', buildId: 'v1.0' },
    ]);
    const application = await goOrdersApplication();
    const started = await application.runExecutions({ server, taskQueue, buildId: 'v1.0' }, 1);
    await application.remove();
    histories = await ordersHistories({ server, taskQueue }, started);
  });
  afterAll(async () => {
    await server.stop();
  });

  /** The states whose executions do not pass, with the line of the difference. */
  async function failures(patch?: OrdersPatch): Promise<Record<string, unknown>> {
    const workspace = await goOrdersWorkspace(patch === undefined ? {} : { patch });
    const replayer = await GoReplayer.start(workspace.application);
    const found: Record<string, unknown> = {};
    for (const history of histories) {
      const { outcome, commands } = await replayer.replay(history, true);
      const { mismatch } = layBeside(recordedHistory(history.events), commands ?? []);
      if (outcome !== 'passed') found[history.state] = { outcome, mismatch };
      else expect(mismatch).toBeUndefined();
    }
    if (patch === 'incompatible') {
      const line = sourceLine(workspace.application, 'orders/order.go', 'activities.CheckFraud');
      for (const failure of Object.values(found)) {
        expect(failure).toMatchObject({
          outcome: 'nondeterministic',
          mismatch: { issued: { command: 'ScheduleActivityTask', name: 'CheckFraud', ...line } },
        });
      }
    }
    await replayer.stop();
    await workspace.remove();
    return found;
  }

  it('are in all the states', () => {
    expect(histories.map(({ state }) => state)).toHaveLength(7);
  });

  it('pass with the code that ran them', async () => {
    expect(await failures()).toEqual({});
  });

  it('pass with a change behind a version', async () => {
    expect(await failures('compatible')).toEqual({});
  });

  it('do not where a new activity comes into their past, and its line is known', async () => {
    expect(Object.keys(await failures('incompatible')).sort()).toEqual([
      'order-charging',
      'order-completed',
      'order-failed',
      'order-packing',
    ]);
  });
});
