import { transformFile } from '@swc/core';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { glob } from 'tinyglobby';
import { projectRoot } from './project-root.js';
import { startProcess, type OwnedProcess } from './processes.js';
import { runCommand } from './run-command.js';
import type { RunningServer } from './temporal-server.js';
import { makeWorkspace, type Workspace } from './workspace.js';

/** One of `examples/orders-typescript/pull-requests`. */
export type OrdersPatch = 'compatible' | 'incompatible' | 'harmless' | 'type-renamed' | 'throws';

export interface OrdersOptions {
  /** One, or several that apply one after the other. */
  readonly patch?: OrdersPatch | readonly OrdersPatch[];
  /** Instead of the project's own, whose SDK is the newest. */
  readonly nodeModules?: string;
  readonly files?: Readonly<Record<string, string>>;
}

/** A checkout of the example application, with its dependencies, as a pull request leaves it. */
export async function ordersWorkspace(options: OrdersOptions = {}): Promise<Workspace> {
  const from = join(projectRoot, 'examples', 'orders-typescript');
  const { patch = [] } = options;
  const patches = typeof patch === 'string' ? [patch] : patch;
  return makeWorkspace({
    from,
    patches: await Promise.all(
      patches.map((name) => readFile(join(from, 'pull-requests', `${name}.patch`), 'utf8')),
    ),
    nodeModules: options.nodeModules ?? join(projectRoot, 'node_modules'),
    ...(options.files === undefined ? {} : { files: options.files }),
  });
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

export interface OrdersRun {
  readonly server: Pick<RunningServer, 'address' | 'namespace'>;
  readonly taskQueue: string;
  /** Given to the worker, with versioning by version sets; undefined: unversioned. */
  readonly buildId?: string;
  /** Given to the worker with the build ID, which then is a version of this Worker Deployment. */
  readonly deployment?: {
    readonly name: string;
    readonly defaultBehavior: 'pinned' | 'auto-upgrade';
  };
  /** Further environment of the application, such as ENCRYPT=1. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The example application, compiled, so that its worker and its starter can run. */
export class OrdersApplication {
  private readonly workspace: Workspace;

  private constructor(workspace: Workspace) {
    this.workspace = workspace;
  }

  static async compile(options: OrdersOptions = {}): Promise<OrdersApplication> {
    const workspace = await ordersWorkspace(options);
    await transpile(join(workspace.application, 'src'), join(workspace.application, 'lib'));
    return new OrdersApplication(workspace);
  }

  /** Starts the worker and waits until it polls. */
  async startWorker(run: OrdersRun): Promise<OwnedProcess> {
    const worker = await startProcess(process.execPath, ['lib/worker.js'], {
      cwd: this.workspace.application,
      env: environmentOf(run),
      // What the SDK and the activities log is kept back unless the worker does not start.
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
    // Ready means created: it polls a moment later.
    await sleep(200);
    return worker;
  }

  /** Starts `count` executions of each state (or of those given) and waits until they are in it. */
  async startExecutions(
    run: OrdersRun,
    count: number,
    states: readonly string[] = [],
  ): Promise<StartedOrder[]> {
    const { stdout } = await runCommand(
      process.execPath,
      ['lib/start.js', String(count), ...states],
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

export interface StartedOrder {
  readonly state: string;
  readonly workflowType: string;
  readonly workflowId: string;
  readonly runId: string;
}

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

function environmentOf(run: OrdersRun): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '/',
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
