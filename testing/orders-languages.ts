import { dirname } from 'node:path';
import { fillWithVersions, type Checkout, type ExampleApplication } from './example-application.js';
import { findGoSdk, GO_SDKS, goCaches } from './go-modules.js';
import { goOrdersApplication, goOrdersWorkspace } from './go-orders.js';
import { javaOrdersApplication, javaOrdersWorkspace } from './java-orders.js';
import { findJavaSdk, JAVA_SDKS } from './java-sdk.js';
import { OrdersApplication, ordersWorkspace, type OrdersPatch } from './orders-application.js';
import { pythonOrdersApplication, pythonOrdersWorkspace } from './python-orders.js';
import { findPythonSdk, NEWEST_PYTHON_SDK } from './python-sdk.js';
import { required, type MissingToolchain, type Progress } from './toolchain.js';
import type { RunningServer } from './temporal-server.js';
import type { Workspace } from './workspace.js';

/** The example application in one of the languages, with the same versions in each. */
export interface OrdersInLanguage {
  readonly language: string;
  /** File of the workflow `order`, relative to the application. */
  readonly orderFile: string;
  /** Where the incompatible version issues what it adds. */
  readonly added: RegExp;
  /** Why it breaks the executions of v1.0 and of v2.1, in the order of the alphabet. */
  readonly causes: readonly string[];
  /** What is said of a baseline whose sources are links to those under test, where that changes what runs. */
  readonly linked?: RegExp;
  /** What stands on the line at which the throwing version throws. */
  readonly throwing: RegExp;
  /** How the language says that only new executions run it. */
  readonly guard: string;
  /** Whether what it needs is there. */
  readonly find: (progress?: Progress) => Promise<{ readonly available: true } | MissingToolchain>;
  readonly workspace: (checkout?: Checkout<OrdersPatch>) => Promise<Workspace>;
  readonly compile: (checkout?: Checkout<OrdersPatch>) => Promise<ExampleApplication>;
  /** How many executions of v1.0 there are of each state. */
  readonly ofEachState: number;
  /** What an earlier step of the job leaves in the environment. */
  readonly environment: () => Promise<Readonly<Record<string, string>>>;
}

export const ORDERS: Readonly<Record<'typescript' | 'python' | 'go' | 'java', OrdersInLanguage>> = {
  typescript: {
    language: 'typescript',
    orderFile: 'src/workflows/order.ts',
    added: /await checkFraud\(/u,
    causes: ['command-added', 'patch-removed'],
    linked: /is the code under test/u,
    throwing: /SMALLEST_UNITS\[/u,
    guard: "if (patched('change-check-fraud')) { … }",
    find: () => Promise.resolve({ available: true }),
    workspace: ordersWorkspace,
    compile: OrdersApplication.compile,
    ofEachState: 2,
    environment: () => Promise.resolve({}),
  },
  python: {
    language: 'python',
    orderFile: 'orders/workflows/order.py',
    added: /await workflow\.execute_activity\(\s+activities\.check_fraud/u,
    causes: ['command-added', 'patch-removed'],
    linked: /is the code under test/u,
    throwing: /amount \* SMALLEST_UNITS\[/u,
    guard: 'if workflow.patched("change-check-fraud"): …',
    find: (progress) => findPythonSdk(NEWEST_PYTHON_SDK, progress),
    workspace: pythonOrdersWorkspace,
    compile: pythonOrdersApplication,
    ofEachState: 1,
    environment: async () => {
      const { bin } = required(await findPythonSdk(NEWEST_PYTHON_SDK));
      return { VIRTUAL_ENV: dirname(bin) };
    },
  },
  go: {
    language: 'go',
    orderFile: 'orders/order.go',
    added: /activities\.CheckFraud/u,
    // Go goes on where a version is not asked for any more, and what follows is the same.
    causes: ['command-added'],
    // Go does not follow links to packages.
    linked: /no exported function/u,
    throwing: /panic\("the currency/u,
    guard:
      'if workflow.GetVersion(ctx, "change-check-fraud", workflow.DefaultVersion, 1) == 1 { … }',
    find: (progress) => findGoSdk(GO_SDKS.newest, progress),
    workspace: goOrdersWorkspace,
    compile: goOrdersApplication,
    ofEachState: 1,
    environment: goCaches,
  },
  java: {
    language: 'java',
    orderFile: 'src/main/java/com/example/orders/OrderWorkflowImpl.java',
    added: /activities\.checkFraud/u,
    // As in Go.
    causes: ['command-added'],
    throwing: /amount \* SMALLEST_UNITS/u,
    guard: 'if (Workflow.getVersion("change-check-fraud", Workflow.DEFAULT_VERSION, 1) == 1) { … }',
    find: (progress) => findJavaSdk(JAVA_SDKS.newest, progress),
    workspace: javaOrdersWorkspace,
    compile: javaOrdersApplication,
    ofEachState: 1,
    environment: () => Promise.resolve({}),
  },
};

/**
 * Starts executions of v1.0, and of v2.1, which is compatible with it, on a task queue with version sets.
 *
 * @returns how many
 */
export async function fillWithOrdersIn(
  { compile, ofEachState }: OrdersInLanguage,
  server: Pick<RunningServer, 'address' | 'namespace'>,
  taskQueue: string,
  step?: Progress,
): Promise<number> {
  return (await fillWithVersions(compile, ofEachState, { server, taskQueue }, step)).length;
}
