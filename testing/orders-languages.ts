import { dirname } from 'node:path';
import { fillWithOrders } from './orders-server.js';
import { ordersWorkspace, type OrdersPatch } from './orders-application.js';
import { fillWithPythonOrders, pythonOrdersWorkspace } from './python-orders.js';
import { findPythonSdk, NEWEST_PYTHON_SDK } from './python-sdk.js';
import type { RunningServer } from './temporal-server.js';
import { required, type MissingToolchain, type Progress } from './toolchain.js';
import type { Workspace } from './workspace.js';

/** The example application in one of the languages, with the same versions in each. */
export interface OrdersInLanguage {
  readonly language: string;
  /** File of the workflow `order`, relative to the application. */
  readonly orderFile: string;
  /** What stands on the line that the incompatible version adds. */
  readonly added: string;
  /** What stands on the line at which the throwing version throws. */
  readonly throwing: string;
  /** How the language says that only new executions run it. */
  readonly guard: string;
  /** Whether what it needs is there. */
  readonly find: (progress?: Progress) => Promise<{ readonly available: true } | MissingToolchain>;
  readonly workspace: (options: {
    readonly patch?: OrdersPatch;
    readonly files?: Readonly<Record<string, string>>;
  }) => Promise<Workspace>;
  /** Executions of v1.0, and of v2.1, which is compatible with it, on a task queue with version sets. */
  readonly fill: (
    server: Pick<RunningServer, 'address' | 'namespace'>,
    taskQueue: string,
    step?: Progress,
  ) => Promise<unknown>;
  /** What an earlier step of the job leaves in the environment. */
  readonly environment: () => Promise<Readonly<Record<string, string>>>;
}

export const ORDERS: Readonly<Record<'typescript' | 'python', OrdersInLanguage>> = {
  typescript: {
    language: 'typescript',
    orderFile: 'src/workflows/order.ts',
    added: 'await checkFraud(',
    throwing: 'SMALLEST_UNITS[',
    guard: "if (patched('change-check-fraud')) { … }",
    find: () => Promise.resolve({ available: true }),
    workspace: ordersWorkspace,
    fill: fillWithOrders,
    environment: () => Promise.resolve({}),
  },
  python: {
    language: 'python',
    orderFile: 'orders/workflows/order.py',
    added: 'activities.check_fraud, args',
    throwing: 'amount * SMALLEST_UNITS[',
    guard: 'if workflow.patched("change-check-fraud"): …',
    find: (progress) => findPythonSdk(NEWEST_PYTHON_SDK, progress),
    workspace: pythonOrdersWorkspace,
    fill: fillWithPythonOrders,
    environment: async () => {
      const { bin } = required(await findPythonSdk(NEWEST_PYTHON_SDK));
      return { VIRTUAL_ENV: dirname(bin) };
    },
  },
};
