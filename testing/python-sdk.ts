import { join } from 'node:path';
import { cached, isCached } from './cache.js';
import { runCommand } from './run-command.js';
import { missing, type MissingToolchain, type Progress } from './toolchain.js';

export interface PythonSdk {
  readonly available: true;
  /** The interpreter of the environment. */
  readonly python: string;
  /** To put first on PATH, as an activated environment does. */
  readonly bin: string;
}

/** Milliseconds that pip may take to download and install a release. */
const INSTALL_TIMEOUT_MS = 240_000;

/** A virtual environment with one release of Temporal's Python SDK, in the cache. */
export async function findPythonSdk(
  version: string,
  progress: Progress = () => undefined,
): Promise<PythonSdk | MissingToolchain> {
  const name = `python-sdk-${version}`;
  try {
    if (!(await isCached(name))) progress(`installing temporalio ${version} with pip`);
    const folder = await cached(name, async (target) => {
      // The folder gets its final name after this: only `python` works then, no other program in bin.
      await runCommand('python3', ['-m', 'venv', join(target, 'venv')]);
      await runCommand(
        join(target, 'venv', 'bin', 'python'),
        [
          '-m',
          'pip',
          'install',
          '--quiet',
          '--disable-pip-version-check',
          `temporalio==${version}`,
        ],
        { timeoutMs: INSTALL_TIMEOUT_MS },
      );
    });
    const bin = join(folder, 'venv', 'bin');
    return { available: true, python: join(bin, 'python'), bin };
  } catch (error) {
    return missing(
      error,
      `temporalio ${version} could not be installed. Are Python 3 (with venv) and PyPI there?`,
    );
  }
}

/** The release that the example application is pinned to. */
export const NEWEST_PYTHON_SDK = '1.35.0';

/** The first release: its replayer is the same in all that is used of it. */
export const OLDEST_PYTHON_SDK = '1.0.0';

/** A virtual environment without the SDK. */
export async function findPlainPython(): Promise<PythonSdk | MissingToolchain> {
  try {
    const folder = await cached('python-without-sdk', async (target) => {
      await runCommand('python3', ['-m', 'venv', '--without-pip', join(target, 'venv')]);
    });
    const bin = join(folder, 'venv', 'bin');
    return { available: true, python: join(bin, 'python'), bin };
  } catch (error) {
    return missing(error, 'Is Python 3 (with venv) there?');
  }
}
