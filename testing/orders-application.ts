import { transformFile } from '@swc/core';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { glob } from 'tinyglobby';
import { ExampleApplication, exampleWorkspace, type Checkout } from './example-application.js';
import { projectRoot } from './project-root.js';
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
export type OrdersApplication = ExampleApplication;
export const OrdersApplication = {
  compile: async (options: OrdersOptions = {}): Promise<ExampleApplication> => {
    const workspace = await ordersWorkspace(options);
    await transpile(join(workspace.application, 'src'), join(workspace.application, 'lib'));
    return new ExampleApplication(workspace, {
      worker: [process.execPath, 'lib/worker.js'],
      starter: [process.execPath, 'lib/start.js'],
      settleMs: 200,
    });
  },
};

/** What `tsc` writes, in a tenth of the time: types are checked by `npm run check`. */
async function transpile(from: string, into: string): Promise<void> {
  for (const file of await glob('**/*.ts', { cwd: from })) {
    const { code } = await transformFile(join(from, file), {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
      module: { type: 'commonjs' },
      swcrc: false,
    });
    const path = join(into, file.replace(/\.ts$/u, '.js'));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, code);
  }
}
