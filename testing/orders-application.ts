import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { ExampleApplication, exampleWorkspace, type Checkout } from './example-application.js';
import { projectRoot } from './project-root.js';
import { runCommand } from './run-command.js';
import type { Workspace } from './workspace.js';

/** One of `examples/orders-LANGUAGE/pull-requests`. */
export type OrdersPatch = 'compatible' | 'incompatible' | 'harmless' | 'type-renamed' | 'throws';

export interface OrdersOptions extends Checkout<OrdersPatch> {
  /** Instead of the project's own, whose SDK is the newest. */
  readonly nodeModules?: string;
}

const NODE_MODULES = join(projectRoot, 'node_modules');

/** A checkout of the example application, with its dependencies, as a pull request leaves it. */
export function ordersWorkspace({
  nodeModules = NODE_MODULES,
  ...checkout
}: OrdersOptions = {}): Promise<Workspace> {
  return exampleWorkspace('orders-typescript', checkout, nodeModules);
}

/** Puts another state of the application into a pull request's checkout, as its baseline. */
export async function checkOutBaseline(
  workspace: Workspace,
  folder: string,
  options: OrdersOptions = {},
): Promise<{ readonly path: string; readonly commit: string }> {
  const base = await ordersWorkspace(options);
  const path = join(workspace.path, folder);
  await rename(base.path, path);
  return { path, commit: base.headSha };
}

/** The example application, compiled, so that its worker and its starter can run. */
export const OrdersApplication = {
  compile: async (options: OrdersOptions = {}): Promise<ExampleApplication> => {
    const workspace = await ordersWorkspace(options);
    const tsc = join(NODE_MODULES, 'typescript', 'bin', 'tsc');
    await runCommand(process.execPath, [tsc, '-p', '.'], { cwd: workspace.application });
    return new ExampleApplication(workspace, {
      worker: [process.execPath, 'lib/worker.js'],
      starter: [process.execPath, 'lib/start.js'],
      settleMs: 200,
    });
  },
};
