import { expect } from '@jest/globals';
import { ordersServer, type OrdersServer } from '../../testing/orders-server.js';
import type { Workspace } from '../../testing/workspace.js';
import { faultWorkspace } from './fault-workspace.js';
import { runFaulted, type Truth } from './faulted-run.js';

/** A real server full of executions, and what a check without any fault finds there. */
export interface SoundOrders {
  readonly server: OrdersServer;
  readonly workspace: Workspace;
  readonly truth: Truth;
  /** Workflow IDs of running executions that are replayed: one of them can be made to break. */
  readonly running: readonly string[];
  /** Milliseconds that it took. */
  readonly durationMs: number;
  stop(): Promise<void>;
}

export async function soundOrders(): Promise<SoundOrders> {
  const [server, workspace] = await Promise.all([ordersServer(), faultWorkspace()]);
  const { truth, running, ...sound } = await runFaulted(workspace, {
    inputs: { address: server.address, 'task-queue': server.taskQueue },
    replayer: {},
    truth: undefined,
    limitMs: 120_000,
  });
  expect(sound).toMatchObject({ breaches: [], verdict: 'compatible' });
  expect(truth.passed).toBeGreaterThan(50);
  expect(running.length).toBeGreaterThan(3);
  return {
    server,
    workspace,
    truth,
    running,
    durationMs: sound.durationMs,
    stop: async () => {
      await workspace.remove();
      await server.stop();
    },
  };
}
