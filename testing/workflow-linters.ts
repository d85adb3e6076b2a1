import { join } from 'node:path';
import { cached, isCached } from './cache.js';
import { goInstall, type GoProgram } from './go-toolchain.js';
import { runCommand } from './run-command.js';
import { missing, type MissingToolchain, type Progress } from './toolchain.js';

export interface WorkflowLinters {
  readonly available: true;
  /** Paths of the programs. */
  readonly actionlint: string;
  readonly zizmor: string;
}

const ACTIONLINT: GoProgram = {
  package: 'github.com/rhysd/actionlint/cmd/actionlint',
  version: 'v1.7.12',
  binary: 'actionlint',
};

const ZIZMOR = '1.32.0';

/** Milliseconds that pip may take to download and install it. */
const INSTALL_TIMEOUT_MS = 240_000;

/** What finds mistakes and holes in workflow files: one by Go, one from PyPI, from the cache after the first time. */
export async function findWorkflowLinters(
  progress: Progress = () => undefined,
): Promise<WorkflowLinters | MissingToolchain> {
  try {
    const actionlint = await goInstall(ACTIONLINT, progress);
    const name = `zizmor-${ZIZMOR}`;
    if (!(await isCached(name))) progress(`installing zizmor ${ZIZMOR} with pip`);
    const folder = await cached(name, async (target) => {
      await runCommand('python3', ['-m', 'venv', join(target, 'venv')]);
      await runCommand(
        join(target, 'venv', 'bin', 'python'),
        ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `zizmor==${ZIZMOR}`],
        { timeoutMs: INSTALL_TIMEOUT_MS },
      );
    });
    return { available: true, actionlint, zizmor: join(folder, 'venv', 'bin', 'zizmor') };
  } catch (error) {
    return missing(error, 'actionlint needs Go, zizmor Python 3 (with venv) and PyPI.');
  }
}
