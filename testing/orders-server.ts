import { OrdersApplication, type StartedOrder } from './orders-application.js';
import { startDevServer, type RunningServer } from './temporal-server.js';
import type { Progress } from './toolchain.js';
import { registerBuildIds } from './version-sets.js';

/** A server whose task queue holds executions of two builds of one version set, in many states. */
export interface OrdersServer {
  readonly address: string;
  readonly namespace: string;
  readonly taskQueue: string;
  /** Those that the starter listed; shipments and continued runs come on top. */
  readonly started: readonly StartedOrder[];
}

/** Executions of v1.0, and of v2.1, which is compatible with it. */
export async function fillWithOrders(
  server: Pick<RunningServer, 'address' | 'namespace'>,
  taskQueue: string,
  step: Progress = () => undefined,
): Promise<OrdersServer> {
  const run = { server, taskQueue };
  step('Compiling version v1.0 of the example application');
  const base = await OrdersApplication.compile();
  step('Registering v1.0, running its worker, and starting executions that stop in many states');
  await registerBuildIds(server, taskQueue, [
    { operation: 'addNewIdInNewDefaultSet', buildId: 'v1.0' },
  ]);
  const first = await base.runExecutions({ ...run, buildId: 'v1.0' }, 2);
  await base.remove();

  step('Registering v2.1 as compatible with v1.0, and the same with its worker');
  const compatible = await OrdersApplication.compile({ patch: 'compatible' });
  await registerBuildIds(server, taskQueue, [
    {
      operation: 'addNewCompatibleVersion',
      buildId: 'v2.1',
      existingCompatibleBuildId: 'v1.0',
    },
  ]);
  const second = await compatible.runExecutions({ ...run, buildId: 'v2.1' }, 1);
  await compatible.remove();
  const { address, namespace } = server;
  return { address, namespace, taskQueue, started: [...first, ...second] };
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
