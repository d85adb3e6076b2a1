import { join } from 'node:path';
import { npmInstall } from './npm-install.js';
import type { MissingToolchain, Progress } from './toolchain.js';

/** Package managers of Node with a lock file of their own, from npm. npm itself is on `PATH`. */
const RELEASES = {
  'pnpm 9': { dependency: 'pnpm', version: '9.15.9', program: 'pnpm/bin/pnpm.cjs' },
  'yarn 1': { dependency: 'yarn', version: '1.22.22', program: 'yarn/bin/yarn.js' },
  'yarn 4': {
    dependency: '@yarnpkg/cli-dist',
    version: '4.9.2',
    program: '@yarnpkg/cli-dist/bin/yarn.js',
  },
} as const;

export type PackageManager = keyof typeof RELEASES;

export interface PackageManagers {
  readonly available: true;
  /** The path of one's program, for Node. */
  program(manager: PackageManager): string;
}

/** All of them, in the cache after the first time. */
export async function findPackageManagers(
  progress?: Progress,
): Promise<PackageManagers | MissingToolchain> {
  const releases = Object.values(RELEASES);
  const installed = await npmInstall(
    `package-managers-${releases.map(({ version }) => version).join('-')}`,
    {
      dependencies: Object.fromEntries(
        releases.map(({ dependency, version }) => [dependency, version]),
      ),
    },
    progress,
  );
  return installed.available
    ? {
        available: true,
        program: (manager) => join(installed.nodeModules, RELEASES[manager].program),
      }
    : installed;
}
