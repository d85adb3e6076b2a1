import { fillWithVersions, type StartedExecution } from './example-application.js';
import { OrdersApplication } from './orders-application.js';
import { startDevServer, type RunningServer } from './temporal-server.js';
import type { Progress } from './toolchain.js';

/** A server whose task queue holds executions of two builds of one version set, in many states. */
export interface OrdersServer {
  readonly address: string;
  readonly namespace: string;
  readonly taskQueue: string;
  /** Those that the starter listed; shipments and continued runs come on top. */
  readonly started: readonly StartedExecution[];
}

/** Executions of v1.0, and of v2.1, which is compatible with it. */
export async function fillWithOrders(
  server: Pick<RunningServer, 'address' | 'namespace'>,
  taskQueue: string,
  step?: Progress,
): Promise<OrdersServer> {
  const { address, namespace } = server;
  const started = await fillWithVersions(OrdersApplication.compile, 2, { server, taskQueue }, step);
  return { address, namespace, taskQueue, started };
}

/** Where the test command leaves the server that it filled once for all test files. */
const SHARED = 'REPLAY_ACTION_TEST_SERVER';

/** For the environment of test processes. */
export function shareOrdersServer(filled: OrdersServer): Record<string, string> {
  return { [SHARED]: JSON.stringify(filled) };
}

/** The shared server, or, for a test file that is run by itself, one of its own. */
export async function ordersServer(): Promise<OrdersServer & { stop(): Promise<void> }> {
  const shared = process.env[SHARED];
  if (shared !== undefined) {
    return { ...(JSON.parse(shared) as OrdersServer), stop: () => Promise.resolve() };
  }
  const server = await startDevServer();
  return { ...(await fillWithOrders(server, 'orders')), stop: () => server.stop() };
}
