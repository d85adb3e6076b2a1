import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OrdersRun, StartedOrder } from './orders-application.js';
import { projectRoot } from './project-root.js';
import { startProcess, type OwnedProcess } from './processes.js';
import { runCommand } from './run-command.js';
import type { RunningServer } from './temporal-server.js';
import type { Progress } from './toolchain.js';
import { registerBuildIds } from './version-sets.js';
import { makeWorkspace, type Workspace } from './workspace.js';

/** One of `examples/orders-go/pull-requests`. */
export type GoOrdersPatch = 'compatible' | 'incompatible' | 'type-renamed' | 'throws';

export interface GoOrdersOptions {
  readonly patch?: GoOrdersPatch;
  readonly files?: Readonly<Record<string, string>>;
}

/** A checkout of the example application in Go, as a pull request leaves it. */
export async function goOrdersWorkspace({
  patch,
  files,
}: GoOrdersOptions = {}): Promise<Workspace> {
  const from = join(projectRoot, 'examples', 'orders-go');
  const patches = patch === undefined ? [] : [patch];
  return makeWorkspace({
    from,
    patches: await Promise.all(
      patches.map((name) => readFile(join(from, 'pull-requests', `${name}.patch`), 'utf8')),
    ),
    ...(files === undefined ? {} : { files }),
  });
}

/** The example application in Go, compiled, so that its worker and its starter can run. */
export class GoOrdersApplication {
  private readonly workspace: Workspace;

  private constructor(workspace: Workspace) {
    this.workspace = workspace;
  }

  static async compile(options: GoOrdersOptions = {}): Promise<GoOrdersApplication> {
    const workspace = await goOrdersWorkspace(options);
    const { application: cwd } = workspace;
    await runCommand('go', ['build', '-buildvcs=false', '-o', 'bin/', './worker', './starter'], {
      cwd,
    });
    return new GoOrdersApplication(workspace);
  }

  /** Starts the worker and waits until it polls. */
  async startWorker(run: OrdersRun): Promise<OwnedProcess> {
    const worker = await startProcess(join(this.workspace.application, 'bin', 'worker'), [], {
      cwd: this.workspace.application,
      env: environmentOf(run),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    worker.child.stderr?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString('utf8')).slice(-4000);
    });
    await new Promise<void>((resolve, reject) => {
      worker.child.stdout?.on('data', (chunk: Buffer) => {
        if (chunk.toString('utf8').includes('is ready')) resolve();
      });
      worker.child.once('exit', (code) =>
        reject(new Error(`the worker ended with ${String(code)}:\n${log}`)),
      );
    });
    return worker;
  }

  /** Worker, `count` executions of each state, and the worker stopped again: they stay where they are. */
  async runExecutions(run: OrdersRun, count: number): Promise<StartedOrder[]> {
    const worker = await this.startWorker(run);
    try {
      const { stdout } = await runCommand(
        join(this.workspace.application, 'bin', 'starter'),
        [String(count)],
        { cwd: this.workspace.application, env: environmentOf(run) },
      );
      return stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as StartedOrder);
    } finally {
      await worker.stop();
    }
  }

  async remove(): Promise<void> {
    await this.workspace.remove();
  }
}

/** Executions of v1.0, and of v2.1, which is compatible with it, on a task queue with version sets. */
export async function fillWithGoOrders(
  server: Pick<RunningServer, 'address' | 'namespace'>,
  taskQueue: string,
  step: Progress = () => undefined,
): Promise<readonly StartedOrder[]> {
  const run = { server, taskQueue };
  step('Compiling v1.0 in Go, registering it, running its worker, and starting executions');
  const base = await GoOrdersApplication.compile();
  await registerBuildIds(server, taskQueue, [
    { operation: 'addNewIdInNewDefaultSet', buildId: 'v1.0' },
  ]);
  const first = await base.runExecutions({ ...run, buildId: 'v1.0' }, 1);
  await base.remove();

  step('Registering v2.1 as compatible with v1.0, and the same with its worker');
  const compatible = await GoOrdersApplication.compile({ patch: 'compatible' });
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
    TEMPORAL_ADDRESS: run.server.address,
    TEMPORAL_NAMESPACE: run.server.namespace,
    TASK_QUEUE: run.taskQueue,
    ...(run.buildId === undefined ? {} : { BUILD_ID: run.buildId }),
    ...run.environment,
  };
}
