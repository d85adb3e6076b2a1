import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OrdersRun, StartedOrder } from './orders-application.js';
import { startProcess, type OwnedProcess } from './processes.js';
import { projectRoot } from './project-root.js';
import { findPythonSdk, NEWEST_PYTHON_SDK } from './python-sdk.js';
import { runCommand } from './run-command.js';
import { required } from './toolchain.js';
import { makeWorkspace, type Workspace } from './workspace.js';

/** An example in Python: its folder in `examples`, and the package whose `worker` and `start` are run. */
export interface PythonExample {
  readonly folder: string;
  readonly package: string;
}

export interface PythonCheckout<Patch extends string = string> {
  /** One of the example's `pull-requests`, or several that apply one after the other. */
  readonly patch?: Patch | readonly Patch[];
  readonly files?: Readonly<Record<string, string>>;
}

/** A checkout of an example in Python, as a pull request leaves it. */
export async function pythonWorkspace(
  example: PythonExample,
  { patch = [], files }: PythonCheckout = {},
): Promise<Workspace> {
  const from = join(projectRoot, 'examples', example.folder);
  const patches = typeof patch === 'string' ? [patch] : patch;
  return makeWorkspace({
    from,
    patches: await Promise.all(
      patches.map((name) => readFile(join(from, 'pull-requests', `${name}.patch`), 'utf8')),
    ),
    ...(files === undefined ? {} : { files }),
  });
}

/** What the worker prints once it polls. */
const READY = 'is ready';

/** An example in Python, with an environment of its SDK from the cache. */
export class PythonApplication {
  private readonly example: PythonExample;
  private readonly workspace: Workspace;
  private readonly python: string;

  private constructor(example: PythonExample, workspace: Workspace, python: string) {
    this.example = example;
    this.workspace = workspace;
    this.python = python;
  }

  static async prepare(
    example: PythonExample,
    checkout: PythonCheckout = {},
  ): Promise<PythonApplication> {
    const { python } = required(await findPythonSdk(NEWEST_PYTHON_SDK));
    return new PythonApplication(example, await pythonWorkspace(example, checkout), python);
  }

  /** Starts the worker and waits until it polls. */
  async startWorker(run: OrdersRun): Promise<OwnedProcess> {
    const worker = await startProcess(this.python, ['-m', `${this.example.package}.worker`], {
      cwd: this.workspace.application,
      env: environmentOf(run),
      // What the SDK and the activities log is kept back unless the worker does not start.
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    worker.child.stderr?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString('utf8')).slice(-4000);
    });
    const ready = new Promise<void>((resolve) => {
      let printed = '';
      worker.child.stdout?.on('data', (chunk: Buffer) => {
        printed = (printed + chunk.toString('utf8')).slice(-4000);
        if (printed.includes(READY)) resolve();
      });
    });
    const gone = once(worker.child, 'exit').then(() => {
      throw new Error(`the Python worker ended before it was ready: ${log}`);
    });
    gone.catch(() => undefined);
    await Promise.race([ready, gone]);
    return worker;
  }

  /** Starts `count` executions of each state (or of those given) and waits until they are in it. */
  async startExecutions(
    run: OrdersRun,
    count: number,
    states: readonly string[] = [],
  ): Promise<StartedOrder[]> {
    const { stdout } = await runCommand(
      this.python,
      ['-m', `${this.example.package}.start`, String(count), ...states],
      { cwd: this.workspace.application, env: environmentOf(run) },
    );
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as StartedOrder);
  }

  /** Worker, executions, and the worker stopped again: they stay where they are. */
  async runExecutions(
    run: OrdersRun,
    count: number,
    states: readonly string[] = [],
  ): Promise<StartedOrder[]> {
    const worker = await this.startWorker(run);
    try {
      return await this.startExecutions(run, count, states);
    } finally {
      await worker.stop();
    }
  }

  async remove(): Promise<void> {
    await this.workspace.remove();
  }
}

function environmentOf(run: OrdersRun): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '/',
    PYTHONDONTWRITEBYTECODE: '1',
    TEMPORAL_ADDRESS: run.server.address,
    TEMPORAL_NAMESPACE: run.server.namespace,
    TASK_QUEUE: run.taskQueue,
    ...(run.buildId === undefined ? {} : { BUILD_ID: run.buildId }),
    ...(run.deployment === undefined
      ? {}
      : {
          DEPLOYMENT_NAME: run.deployment.name,
          DEFAULT_VERSIONING_BEHAVIOR: run.deployment.defaultBehavior,
        }),
    ...run.environment,
  };
}
