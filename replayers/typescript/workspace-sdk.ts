import type * as WorkerPackage from '@temporalio/worker';
import type proto from '@temporalio/proto';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Fatal } from '../common/fatal.js';
import { lastErrors } from './sdk-log.js';

/** The application's own copy of the SDK. */
export interface Sdk {
  readonly worker: typeof WorkerPackage;
  readonly version: string;
  readonly History: typeof proto.temporal.api.history.v1.History;
  /** Resolves as the SDK itself does, for its own dependencies. */
  readonly require: NodeJS.Require;
}

/** The oldest SDK whose replay worker reports every divergence in the form that we read. */
const OLDEST = [1, 8] as const;

/**
 * Loads `@temporalio/worker` as the application in `folder` would. Never a copy of ours: another version of
 * the SDK crashes, or judges wrongly.
 */
export function loadSdk(folder: string): Sdk {
  const fromFolder = createRequire(join(folder, 'package.json'));
  let path: string;
  try {
    path = fromFolder.resolve('@temporalio/worker');
  } catch {
    if (plugsAndPlays(folder)) {
      throw new Fatal(
        "@temporalio/worker is installed with Yarn's Plug'n'Play (.pnp.cjs), which this replayer cannot read",
        'install into node_modules for this job: set YARN_NODE_LINKER to node-modules in the step that runs ' +
          '"yarn install", or nodeLinker: node-modules in .yarnrc.yml',
      );
    }
    throw new Fatal(
      '@temporalio/worker is not installed in the working directory',
      'run the package manager (for example "npm ci") in an earlier step, and set working-directory ' +
        "to the folder that holds the application's package.json",
    );
  }
  const require = createRequire(path);
  const { version } = fromFolder('@temporalio/worker/package.json') as { version: string };
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new Fatal(
      `@temporalio/worker ${version} is too old`,
      `upgrade the Temporal SDK to ${OLDEST.join('.')} or newer`,
    );
  }
  let worker: typeof WorkerPackage;
  try {
    worker = fromFolder('@temporalio/worker') as typeof WorkerPackage;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new Fatal(
      `@temporalio/worker ${version} cannot be loaded: ${words}`,
      /core-bridge|\.node|dlopen|GLIBC|musl|prebuilt|target/iu.test(words)
        ? `the SDK has no native binary for this machine (${process.platform}, ${process.arch}, Node ` +
            `${process.version}); use a glibc-based runner, and install the packages on the same kind of machine`
        : 'install the packages again',
    );
  }
  const { temporal } = require('@temporalio/proto') as typeof proto;
  installRuntime(worker);
  return { worker, version, History: temporal.api.history.v1.History, require };
}

function plugsAndPlays(folder: string): boolean {
  const above = dirname(folder);
  return existsSync(join(folder, '.pnp.cjs')) || (above !== folder && plugsAndPlays(above));
}

/** The SDK logs through ours, because by default its native part writes to standard output. */
function installRuntime(worker: typeof WorkerPackage): void {
  worker.Runtime.install({
    logger: new worker.DefaultLogger('WARN', (entry) => {
      lastErrors.note(entry.message, entry.meta);
      process.stderr.write(`${entry.level} ${entry.message}\n`);
    }),
    telemetryOptions: {
      logging: { filter: 'temporal_sdk_core=WARN,temporal_client=WARN', forward: {} },
    },
    // A replay must end when the parent says so, and not wait for the SDK's shutdown.
    shutdownSignals: [],
  });
}
