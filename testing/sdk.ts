import { npmInstall, type InstalledPackages } from './npm-install.js';
import type { MissingToolchain, Progress } from './toolchain.js';

const PACKAGES = ['activity', 'client', 'common', 'worker', 'workflow'];

/**
 * Releases before 1.9 accept any 1.x of this package, and load a file of it that it hides since 1.8:
 * installed afresh they do not even load. An application of that time has 1.7 in its lock file.
 */
const BEFORE_1_9 = { '@opentelemetry/api': '1.7.0' };

/**
 * A release of Temporal's TypeScript SDK, for applications that are pinned to it. Its parts have to
 * be of one release each.
 *
 * @returns the `node_modules` to link into a workspace.
 */
export async function findSdk(
  version: string,
  progress?: Progress,
): Promise<InstalledPackages | MissingToolchain> {
  const packages = PACKAGES.map((name): [string, string] => [`@temporalio/${name}`, version]);
  return npmInstall(
    `typescript-sdk-${version}`,
    {
      dependencies: Object.fromEntries(packages),
      ...(/^(?:0|1\.[0-8])\./u.test(version) ? { overrides: BEFORE_1_9 } : {}),
    },
    progress,
  );
}

/** The releases that the tests replay with besides the newest: the oldest supported, one between. */
export const TESTED_SDKS: readonly string[] = ['1.8.0', '1.13.2'];
