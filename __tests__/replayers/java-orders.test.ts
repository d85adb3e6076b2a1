/** @tier trust */
import { afterAll, beforeAll, expect, jest } from '@jest/globals';
import { layBeside } from '../../src/diagnosis/align.js';
import { fillWithVersions } from '../../testing/example-application.js';
import { javaOrdersApplication, javaOrdersWorkspace } from '../../testing/java-orders.js';
import type { OrdersPatch } from '../../testing/orders-application.js';
import { findJavaSdk, JAVA_SDKS } from '../../testing/java-sdk.js';
import { findTemporalCli } from '../../testing/temporal-binary.js';
import { startDevServer, type RunningServer } from '../../testing/temporal-server.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { JavaReplayer } from './java-replayer.js';
import { ordersHistories, type OrdersHistory } from './orders-histories.js';
import { sourceLine } from './source-line.js';
import { recordedHistory } from '../builders/recorded-history.js';

jest.setTimeout(600_000);

const sdk = await findJavaSdk(JAVA_SDKS.newest);
const cli = await findTemporalCli();
// In every run e2e/languages has executions of the same application.
const { describe, it } = skipUnless(sdk, cli);

const ORDER = 'src/main/java/com/example/orders/OrderWorkflowImpl.java';

describe('executions of the example application in Java', () => {
  let server: RunningServer;
  /** Of v1.0 first, of v2.1 after them. */
  let histories: OrdersHistory[] = [];

  beforeAll(async () => {
    server = await startDevServer();
    const taskQueue = 'orders-java';
    const started = await fillWithVersions(javaOrdersApplication, 1, { server, taskQueue });
    histories = await ordersHistories({ server, taskQueue }, started);
  });
  afterAll(async () => {
    await server.stop();
  });

  /** The states whose executions do not pass, with their results and the line of the difference. */
  async function failures(
    replayed: readonly OrdersHistory[],
    patch?: OrdersPatch,
    expected?: (application: string) => object,
  ): Promise<string[]> {
    const workspace = await javaOrdersWorkspace(patch === undefined ? {} : { patch });
    const replayer = await JavaReplayer.start(workspace.application);
    const found: string[] = [];
    for (const history of replayed) {
      const { outcome, commands, file, line, message } = await replayer.replay(history, true);
      const { mismatch } = layBeside(recordedHistory(history.events), commands ?? []);
      if (outcome === 'passed') {
        expect({ state: history.state, mismatch }).toEqual({ state: history.state });
        continue;
      }
      found.push(history.state);
      expect({ outcome, mismatch, file, line, message }).toMatchObject(
        expected?.(workspace.application) ?? { outcome: 'passed' },
      );
    }
    await replayer.stop();
    await workspace.remove();
    return found.sort();
  }

  const ofFirst = (): typeof histories => histories.slice(0, 7);

  it('are in all the states', () => {
    expect(histories.map(({ state }) => state)).toHaveLength(14);
  });

  it('pass with the code that ran them, and every command is where history has it', async () => {
    expect(await failures(ofFirst())).toEqual([]);
  });

  it('pass with a change behind a version', async () => {
    expect(await failures(histories, 'compatible')).toEqual([]);
  });

  it('pass with a change that replay does not see', async () => {
    expect(await failures(ofFirst(), 'harmless')).toEqual([]);
  });

  it('do not where a new activity comes into their past, and its line is known', async () => {
    const found = await failures(ofFirst(), 'incompatible', (application) => ({
      outcome: 'nondeterministic',
      message: expect.stringContaining('[TMPRL1100]'),
      mismatch: {
        issued: {
          command: 'ScheduleActivityTask',
          name: 'checkFraud',
          ...sourceLine(application, ORDER, 'activities.checkFraud'),
        },
      },
    }));
    expect(found).toEqual(['order-charging', 'order-completed', 'order-failed', 'order-packing']);
  });

  it('do not where the code throws, and the line that throws is known', async () => {
    const found = await failures(ofFirst(), 'throws', (application) => ({
      outcome: 'task-failed',
      message: expect.stringContaining('java.lang.NullPointerException'),
      ...sourceLine(application, ORDER, 'amount * SMALLEST_UNITS'),
    }));
    expect(found).toEqual(['order-charging', 'order-completed', 'order-failed', 'order-packing']);
  });

  it('do not where their type is gone', async () => {
    const found = await failures(ofFirst(), 'type-renamed', () => ({
      outcome: 'task-failed',
      message: expect.stringContaining('Unknown workflow type "reminder"'),
    }));
    expect(found).toEqual(['reminder-sleeping']);
  });
});
