import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from 'node:events';
import type { OrdersRun, StartedOrder } from './orders-application.js';
import { startProcess, type OwnedProcess } from './processes.js';
import { projectRoot } from './project-root.js';
import { findPythonSdk, NEWEST_PYTHON_SDK } from './python-sdk.js';
import { runCommand } from './run-command.js';
import type { RunningServer } from './temporal-server.js';
import { required, type Progress } from './toolchain.js';
import { registerBuildIds } from './version-sets.js';
import { makeWorkspace, type Workspace } from './workspace.js';

/** One of `examples/orders-python/pull-requests`. */
export type PythonOrdersPatch =
  'compatible' | 'incompatible' | 'harmless' | 'type-renamed' | 'throws';

export interface PythonOrdersOptions {
  /** One, or several that apply one after the other. */
  readonly patch?: PythonOrdersPatch | readonly PythonOrdersPatch[];
  readonly files?: Readonly<Record<string, string>>;
}

/** A checkout of the example application in Python, as a pull request leaves it. */
export async function pythonOrdersWorkspace(options: PythonOrdersOptions = {}): Promise<Workspace> {
  const from = join(projectRoot, 'examples', 'orders-python');
  const { patch = [] } = options;
  const patches = typeof patch === 'string' ? [patch] : patch;
  return makeWorkspace({
    from,
    patches: await Promise.all(
      patches.map((name) => readFile(join(from, 'pull-requests', `${name}.patch`), 'utf8')),
    ),
    ...(options.files === undefined ? {} : { files: options.files }),
  });
}

/** What the worker prints once it polls. */
const READY = 'is ready';

/** The example application in Python, with an environment of its SDK from the cache. */
export class PythonOrdersApplication {
  private readonly workspace: Workspace;
  private readonly python: string;

  private constructor(workspace: Workspace, python: string) {
    this.workspace = workspace;
    this.python = python;
  }

  static async prepare(options: PythonOrdersOptions = {}): Promise<PythonOrdersApplication> {
    const { python } = required(await findPythonSdk(NEWEST_PYTHON_SDK));
    return new PythonOrdersApplication(await pythonOrdersWorkspace(options), python);
  }

  /** Starts the worker and waits until it polls. */
  async startWorker(run: OrdersRun): Promise<OwnedProcess> {
    const worker = await startProcess(this.python, ['-m', 'orders.worker'], {
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
      ['-m', 'orders.start', String(count), ...states],
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

/** Executions of v1.0, and of v2.1, which is compatible with it, on a task queue with version sets. */
export async function fillWithPythonOrders(
  server: Pick<RunningServer, 'address' | 'namespace'>,
  taskQueue: string,
  step: Progress = () => undefined,
): Promise<readonly StartedOrder[]> {
  const run = { server, taskQueue };
  step('Registering v1.0, running its Python worker, and starting executions');
  const base = await PythonOrdersApplication.prepare();
  await registerBuildIds(server, taskQueue, [
    { operation: 'addNewIdInNewDefaultSet', buildId: 'v1.0' },
  ]);
  const first = await base.runExecutions({ ...run, buildId: 'v1.0' }, 1);
  await base.remove();

  step('Registering v2.1 as compatible with v1.0, and the same with its worker');
  const compatible = await PythonOrdersApplication.prepare({ patch: 'compatible' });
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
