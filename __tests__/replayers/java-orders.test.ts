/** @tier trust */
import { afterAll, beforeAll, expect, jest } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { layBeside } from '../../src/diagnosis/align.js';
import { prepareEvents } from '../../src/temporal/history/prepare-history.js';
import { HistoryMessage } from '../../src/temporal/history/proto.js';
import {
  fillWithJavaOrders,
  javaOrdersWorkspace,
  type JavaOrdersPatch,
} from '../../testing/java-orders.js';
import { findJavaSdk, JAVA_SDKS } from '../../testing/java-sdk.js';
import { findTemporalCli } from '../../testing/temporal-binary.js';
import { startDevServer, type RunningServer } from '../../testing/temporal-server.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { anExecution } from '../builders/executions.js';
import type { Fixture } from '../fixtures/histories.js';
import { JavaReplayer } from './java-replayer.js';
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
  const histories: (Fixture & { readonly state: string })[] = [];

  beforeAll(async () => {
    server = await startDevServer();
    const taskQueue = 'orders-java';
    const started = await fillWithJavaOrders(server, taskQueue);
    const connection = await Connection.connect({ address: server.address });
    const client = new Client({ connection, namespace: server.namespace });
    for (const { state, workflowType, workflowId, runId } of started) {
      const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      const history = prepareEvents(events ?? []);
      histories.push({
        state,
        name: state,
        read: {
          kind: 'read',
          execution: anExecution({ workflowId, runId, workflowType, taskQueue }),
          history,
        },
        events: HistoryMessage.decode(history.bytes).events,
      });
    }
    await connection.close();
  });
  afterAll(async () => {
    await server.stop();
  });

  /** The states whose executions do not pass, with their results and the line of the difference. */
  async function failures(
    replayed: readonly (Fixture & { readonly state: string })[],
    patch?: JavaOrdersPatch,
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
