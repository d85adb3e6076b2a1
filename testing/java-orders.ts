import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { compileJava, findJavaSdk, JAVA_SDKS, type JavaSdk } from './java-sdk.js';
import type { OrdersRun, StartedOrder } from './orders-application.js';
import { startProcess, type OwnedProcess } from './processes.js';
import { projectRoot } from './project-root.js';
import { runCommand } from './run-command.js';
import type { RunningServer } from './temporal-server.js';
import { required, type Progress } from './toolchain.js';
import { registerBuildIds } from './version-sets.js';
import { makeWorkspace, type Workspace } from './workspace.js';

/** One of `examples/orders-java/pull-requests`. */
export type JavaOrdersPatch =
  'compatible' | 'incompatible' | 'harmless' | 'type-renamed' | 'throws';

export interface JavaOrdersOptions {
  /** One, or several that apply one after the other. */
  readonly patch?: JavaOrdersPatch | readonly JavaOrdersPatch[];
  readonly files?: Readonly<Record<string, string>>;
}

/** A checkout of the example application in Java, as a pull request leaves it, compiled. */
export async function javaOrdersWorkspace(options: JavaOrdersOptions = {}): Promise<Workspace> {
  const from = join(projectRoot, 'examples', 'orders-java');
  const { patch = [] } = options;
  const patches = typeof patch === 'string' ? [patch] : patch;
  const workspace = await makeWorkspace({
    from,
    patches: await Promise.all(
      patches.map((name) => readFile(join(from, 'pull-requests', `${name}.patch`), 'utf8')),
    ),
    ...(options.files === undefined ? {} : { files: options.files }),
  });
  await compileJava(workspace.application, required(await findJavaSdk(JAVA_SDKS.newest)));
  return workspace;
}

/** What the worker prints once it polls. */
const READY = 'is ready';

/** The example application in Java, compiled, so that its worker and its starter can run. */
export class JavaOrdersApplication {
  private readonly workspace: Workspace;
  private readonly classPath: string;

  private constructor(workspace: Workspace, sdk: JavaSdk) {
    this.workspace = workspace;
    this.classPath = [join(workspace.application, 'target', 'classes'), sdk.classPath].join(
      delimiter,
    );
  }

  static async compile(options: JavaOrdersOptions = {}): Promise<JavaOrdersApplication> {
    const sdk = required(await findJavaSdk(JAVA_SDKS.newest));
    return new JavaOrdersApplication(await javaOrdersWorkspace(options), sdk);
  }

  /** Starts the worker and waits until it polls. */
  async startWorker(run: OrdersRun): Promise<OwnedProcess> {
    const worker = await startProcess('java', this.program('OrdersWorker'), {
      cwd: this.workspace.application,
      env: environmentOf(run),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    worker.child.stderr?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString('utf8')).slice(-4000);
    });
    const ready = new Promise<void>((resolve) => {
      worker.child.stdout?.on('data', (chunk: Buffer) => {
        if (chunk.toString('utf8').includes(READY)) resolve();
      });
    });
    const gone = once(worker.child, 'exit').then(() => {
      throw new Error(`the Java worker ended before it was ready: ${log}`);
    });
    gone.catch(() => undefined);
    await Promise.race([ready, gone]);
    return worker;
  }

  /** Worker, `count` executions of each state, and the worker stopped again: they stay where they are. */
  async runExecutions(run: OrdersRun, count: number): Promise<StartedOrder[]> {
    const worker = await this.startWorker(run);
    try {
      const { stdout } = await runCommand(
        'java',
        [...this.program('OrdersStarter'), String(count)],
        { cwd: this.workspace.application, env: environmentOf(run) },
      );
      return stdout
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as StartedOrder);
    } finally {
      await worker.stop();
    }
  }

  async remove(): Promise<void> {
    await this.workspace.remove();
  }

  private program(name: string): string[] {
    return ['-cp', this.classPath, `com.example.orders.${name}`];
  }
}

/** Executions of v1.0, and of v2.1, which is compatible with it, on a task queue with version sets. */
export async function fillWithJavaOrders(
  server: Pick<RunningServer, 'address' | 'namespace'>,
  taskQueue: string,
  step: Progress = () => undefined,
): Promise<readonly StartedOrder[]> {
  const run = { server, taskQueue };
  step('Registering v1.0, running its Java worker, and starting executions');
  const base = await JavaOrdersApplication.compile();
  await registerBuildIds(server, taskQueue, [
    { operation: 'addNewIdInNewDefaultSet', buildId: 'v1.0' },
  ]);
  const first = await base.runExecutions({ ...run, buildId: 'v1.0' }, 1);
  await base.remove();

  step('Registering v2.1 as compatible with v1.0, and the same with its worker');
  const compatible = await JavaOrdersApplication.compile({ patch: 'compatible' });
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
