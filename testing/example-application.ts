import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OwnedProcess } from './processes.js';
import { projectRoot } from './project-root.js';
import { startReadyProcess } from './ready-process.js';
import { runCommand } from './run-command.js';
import type { RunningServer } from './temporal-server.js';
import type { Progress } from './toolchain.js';
import { registerBuildIds } from './version-sets.js';
import { makeWorkspace, type Workspace } from './workspace.js';

/** What a pull request has made of an example. */
export interface Checkout<Patch extends string = string> {
  /** One of the example's `pull-requests`, or several that apply one after the other. */
  readonly patch?: Patch | readonly Patch[];
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * A checkout of an example, as a pull request leaves it.
 *
 * @param folder its name in `examples`
 */
export async function exampleWorkspace(
  folder: string,
  { patch = [], files }: Checkout,
  nodeModules?: string,
): Promise<Workspace> {
  const from = join(projectRoot, 'examples', folder);
  const patches = typeof patch === 'string' ? [patch] : patch;
  return makeWorkspace({
    from,
    patches: await Promise.all(
      patches.map((name) => readFile(join(from, 'pull-requests', `${name}.patch`), 'utf8')),
    ),
    ...(nodeModules === undefined ? {} : { nodeModules }),
    ...(files === undefined ? {} : { files }),
  });
}

/** How the two programs of an example are started in its folder. */
export interface Programs {
  readonly worker: readonly [file: string, ...args: string[]];
  /** Takes how many executions of each state it starts, and the states; by default all. */
  readonly starter: readonly [file: string, ...args: string[]];
  readonly environment?: Readonly<Record<string, string>>;
  /** Milliseconds between the worker's word that it is ready and its first poll. */
  readonly settleMs?: number;
}

export interface ApplicationRun {
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

export interface StartedExecution {
  readonly state: string;
  readonly workflowType: string;
  readonly workflowId: string;
  readonly runId: string;
}

/** An example whose worker and starter can run: its life is the same in every language. */
export class ExampleApplication {
  private readonly workspace: Workspace;
  private readonly programs: Programs;

  constructor(workspace: Workspace, programs: Programs) {
    this.workspace = workspace;
    this.programs = programs;
  }

  /** Starts the worker and waits until it polls. */
  async startWorker(run: ApplicationRun): Promise<OwnedProcess> {
    const [file, ...args] = this.programs.worker;
    const worker = await startReadyProcess(file, args, {
      cwd: this.workspace.application,
      env: this.environmentOf(run),
      says: 'is ready',
    });
    await sleep(this.programs.settleMs ?? 0);
    return worker;
  }

  /** Starts `count` executions of each state (or of those given) and waits until they are in it. */
  async startExecutions(
    run: ApplicationRun,
    count: number,
    states: readonly string[] = [],
  ): Promise<StartedExecution[]> {
    const [file, ...args] = this.programs.starter;
    const { stdout } = await runCommand(file, [...args, String(count), ...states], {
      cwd: this.workspace.application,
      env: this.environmentOf(run),
    });
    return stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as StartedExecution);
  }

  /** Worker, executions, and the worker stopped again: they stay where they are. */
  async runExecutions(
    run: ApplicationRun,
    count: number,
    states: readonly string[] = [],
  ): Promise<StartedExecution[]> {
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

  private environmentOf(run: ApplicationRun): Record<string, string> {
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
      ...this.programs.environment,
      ...run.environment,
    };
  }
}

/**
 * Executions of v1.0, so many of each state, and of v2.1, which is compatible with it, one of each, on a task
 * queue with version sets.
 */
export async function fillWithVersions(
  compile: (checkout: { readonly patch?: 'compatible' }) => Promise<ExampleApplication>,
  count: number,
  run: Pick<ApplicationRun, 'server' | 'taskQueue'>,
  step: Progress = () => undefined,
): Promise<readonly StartedExecution[]> {
  const versions = [
    {
      checkout: {},
      buildId: 'v1.0',
      count,
      operation: { operation: 'addNewIdInNewDefaultSet', buildId: 'v1.0' },
      words:
        'Registering v1.0, running its worker, and starting executions that stop in many states',
    },
    {
      checkout: { patch: 'compatible' },
      buildId: 'v2.1',
      count: 1,
      operation: {
        operation: 'addNewCompatibleVersion',
        buildId: 'v2.1',
        existingCompatibleBuildId: 'v1.0',
      },
      words:
        'Registering v2.1 as compatible with v1.0, running its worker, and starting one of each',
    },
  ] as const;
  const started: StartedExecution[] = [];
  for (const { checkout, buildId, operation, words, ...how } of versions) {
    step(words);
    const application = await compile(checkout);
    try {
      await registerBuildIds(run.server, run.taskQueue, [operation]);
      started.push(...(await application.runExecutions({ ...run, buildId }, how.count)));
    } finally {
      await application.remove();
    }
  }
  return started;
}
