import { npmInstall, type InstalledPackages } from './npm-install.js';
import type { MissingToolchain, Progress } from './toolchain.js';

const PACKAGES = ['activity', 'client', 'common', 'worker', 'workflow'];

/**
 * Old releases of the SDK accept any 1.x of this package and load a file of it that 1.10 hides. An
 * application of that time has an older one in its lock file.
 */
const OVERRIDES = { '@opentelemetry/api': '1.9.1' };

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
  const packages = PACKAGES.map((name) => [`@temporalio/${name}`, version]);
  return npmInstall(
    `typescript-sdk-${version}`,
    { dependencies: Object.fromEntries(packages), overrides: OVERRIDES },
    progress,
  );
}
