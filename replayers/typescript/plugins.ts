import type { BundleOptions, ReplayWorkerOptions, Worker, WorkerOptions } from '@temporalio/worker';
import { Fatal } from '../common/fatal.js';

/** What a plugin of the SDK can do. Releases without plugins do not have the type. */
export interface Plugin {
  readonly name: string;
  configureWorker?(options: WorkerOptions): WorkerOptions | Promise<WorkerOptions>;
  configureReplayWorker?(
    options: ReplayWorkerOptions,
  ): ReplayWorkerOptions | Promise<ReplayWorkerOptions>;
  configureBundler?(options: BundleOptions): BundleOptions;
  runWorker?(worker: Worker, next: (worker: Worker) => Promise<void>): Promise<void>;
}

/** What the user's module may set. We set the other options of the SDK. */
export interface ReplayOptions extends Omit<Partial<ReplayWorkerOptions>, 'plugins'> {
  readonly plugins?: readonly Plugin[];
}

/**
 * The options as the plugins change them, before anything is bundled: plugins add interceptor modules and
 * converters, which are parts of the bundle. A plugin that says nothing of replay is asked what it does to a worker.
 */
export async function configured(given: ReplayOptions): Promise<ReplayOptions> {
  const { plugins = [] } = given;
  let options = given;
  for (const plugin of plugins) {
    const before = options as WorkerOptions & ReplayWorkerOptions;
    try {
      const changed =
        plugin.configureReplayWorker === undefined
          ? await plugin.configureWorker?.(before)
          : await plugin.configureReplayWorker(before);
      options = (changed as ReplayOptions | undefined) ?? options;
    } catch (error) {
      throw new Fatal(
        `the plugin ${plugin.name} of replay-options throws: ${error instanceof Error ? error.message : String(error)}`,
        'make it work without a connection to a server, or leave it out of replay-options where it changes no workflow',
      );
    }
  }
  return options;
}

/** Plugins for a replay worker whose options are configured already: what they do around its run. */
export function aroundRun(plugins: readonly Plugin[]): Pick<Plugin, 'name' | 'runWorker'>[] {
  return plugins.map((plugin) => ({
    name: plugin.name,
    ...(plugin.runWorker === undefined ? {} : { runWorker: plugin.runWorker.bind(plugin) }),
  }));
}
