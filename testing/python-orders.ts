import { exampleWorkspace, type Checkout, type ExampleApplication } from './example-application.js';
import type { OrdersPatch } from './orders-application.js';
import { pythonApplication } from './python-application.js';
import type { Workspace } from './workspace.js';

const FOLDER = 'orders-python';

/** A checkout of the example application in Python, as a pull request leaves it. */
export function pythonOrdersWorkspace(checkout: Checkout<OrdersPatch> = {}): Promise<Workspace> {
  return exampleWorkspace(FOLDER, checkout);
}

/** The example application in Python, with an environment of its SDK from the cache. */
export function pythonOrdersApplication(
  checkout: Checkout<OrdersPatch> = {},
): Promise<ExampleApplication> {
  return pythonApplication(FOLDER, 'orders', checkout);
}
