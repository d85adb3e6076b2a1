import { join } from 'node:path';
import { ExampleApplication, exampleWorkspace, type Checkout } from './example-application.js';
import type { OrdersPatch } from './orders-application.js';
import { runCommand } from './run-command.js';
import type { Workspace } from './workspace.js';

/** A checkout of the example application in Go, as a pull request leaves it. */
export function goOrdersWorkspace(checkout: Checkout<OrdersPatch> = {}): Promise<Workspace> {
  return exampleWorkspace('orders-go', checkout);
}

/** The example application in Go, compiled, so that its worker and its starter can run. */
export async function goOrdersApplication(
  checkout: Checkout<OrdersPatch> = {},
): Promise<ExampleApplication> {
  const workspace = await goOrdersWorkspace(checkout);
  const { application: cwd } = workspace;
  await runCommand('go', ['build', '-buildvcs=false', '-o', 'bin/', './worker', './starter'], {
    cwd,
  });
  return new ExampleApplication(workspace, {
    worker: [join(cwd, 'bin', 'worker')],
    starter: [join(cwd, 'bin', 'starter')],
  });
}
