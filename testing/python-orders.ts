import type { StartedOrder } from './orders-application.js';
import { PythonApplication, pythonWorkspace, type PythonCheckout } from './python-application.js';
import type { RunningServer } from './temporal-server.js';
import type { Progress } from './toolchain.js';
import { registerBuildIds } from './version-sets.js';
import type { Workspace } from './workspace.js';

/** One of `examples/orders-python/pull-requests`. */
export type PythonOrdersPatch =
  'compatible' | 'incompatible' | 'harmless' | 'type-renamed' | 'throws';

const ORDERS = { folder: 'orders-python', package: 'orders' };

/** A checkout of the example application in Python, as a pull request leaves it. */
export function pythonOrdersWorkspace(
  checkout: PythonCheckout<PythonOrdersPatch> = {},
): Promise<Workspace> {
  return pythonWorkspace(ORDERS, checkout);
}

/** The example application in Python, with an environment of its SDK from the cache. */
export function pythonOrdersApplication(
  checkout: PythonCheckout<PythonOrdersPatch> = {},
): Promise<PythonApplication> {
  return PythonApplication.prepare(ORDERS, checkout);
}

/** Executions of v1.0, and of v2.1, which is compatible with it, on a task queue with version sets. */
export async function fillWithPythonOrders(
  server: Pick<RunningServer, 'address' | 'namespace'>,
  taskQueue: string,
  step: Progress = () => undefined,
): Promise<readonly StartedOrder[]> {
  const run = { server, taskQueue };
  step('Registering v1.0, running its Python worker, and starting executions');
  const base = await pythonOrdersApplication();
  await registerBuildIds(server, taskQueue, [
    { operation: 'addNewIdInNewDefaultSet', buildId: 'v1.0' },
  ]);
  const first = await base.runExecutions({ ...run, buildId: 'v1.0' }, 1);
  await base.remove();

  step('Registering v2.1 as compatible with v1.0, and the same with its worker');
  const compatible = await pythonOrdersApplication({ patch: 'compatible' });
  await registerBuildIds(server, taskQueue, [
    {
      operation: 'addNewCompatibleVersion',
      buildId: 'v2.1',
      existingCompatibleBuildId: 'v1.0',
    },
  ]);
  const second = await compatible.runExecutions({ ...run, buildId: 'v2.1' }, 1);
  await compatible.remove();
  return [...first, ...second];
}
