import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, isCached } from './cache.js';
import { runCommand } from './run-command.js';
import { missing, type MissingToolchain, type Progress } from './toolchain.js';

export interface InstalledPackages {
  readonly available: true;
  readonly nodeModules: string;
}

/** The parts of a package.json that say what is installed. */
export interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
}

/** Installs npm packages of exact versions into a folder of the cache, once. */
export async function npmInstall(
  name: string,
  manifest: Manifest,
  progress: Progress = () => undefined,
): Promise<InstalledPackages | MissingToolchain> {
  try {
    if (!(await isCached(name))) progress(`installing ${name} with npm`);
    const folder = await cached(name, async (target) => {
      const text = JSON.stringify({ private: true, ...manifest }, undefined, 2);
      await writeFile(join(target, 'package.json'), text);
      await runCommand(
        'npm',
        ['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'],
        { cwd: target, env: npmEnvironment() },
      );
    });
    return { available: true, nodeModules: join(folder, 'node_modules') };
  } catch (error) {
    return missing(error, `${name} could not be installed. Is the npm registry reachable?`);
  }
}

/** Under `npm test`, npm's own settings of that run would otherwise steer this one. */
export function npmEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(?:command|lifecycle|package|config_(?:local_)?prefix)/u.test(name),
    ),
  );
}
