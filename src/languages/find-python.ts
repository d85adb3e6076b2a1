import { dirname, join, resolve } from 'node:path';
import { isFile } from '../files/paths.js';
import { UserError } from '../model/user-error.js';
import type { IsolationWay } from '../replay/isolation-way.js';
import { runIsolated } from '../replay/run-isolated.js';

/** Milliseconds that a program may take to say where its environment is. */
const MANAGER_TIMEOUT_MS = 30_000;

/** Programs that keep an environment elsewhere, by the files of their projects. Each prints the path of an interpreter. */
const MANAGERS = [
  { of: ['poetry.lock'], file: 'poetry', args: ['env', 'info', '--executable', '--no-ansi'] },
  { of: ['Pipfile.lock', 'Pipfile'], file: 'pipenv', args: ['--py'] },
  { of: ['pdm.lock', '.pdm-python'], file: 'pdm', args: ['info', '--python'] },
] as const;

export interface PythonSearch {
  /** Absolute path of the application. */
  readonly folder: string;
  /** Absolute path of the checkout that holds it: the search ends there. */
  readonly checkout: string;
  /** Absolute path of the baseline that holds it: an environment in there comes before the activated one. */
  readonly baseline?: string;
  /** `VIRTUAL_ENV` of the step: the activated environment. */
  readonly virtualEnvironment: string | undefined;
  /** The variables of the replay process. Poetry, pipenv and PDM get no others. */
  readonly environment: Readonly<Record<string, string>>;
  /** Also for these, because they run what the application's folder tells them to. */
  readonly isolation: IsolationWay;
}

/**
 * The interpreter that has the application's dependencies, in the order of docs/python.md: the activated
 * environment, uv's and others in or above the application's folder, what poetry, pipenv and PDM keep elsewhere,
 * conda's, and the interpreter on `PATH`.
 *
 * @throws UserError where the activated environment holds no interpreter, or there is none at all
 */
export async function findPython(search: PythonSearch): Promise<string> {
  const { folder, checkout, baseline, virtualEnvironment } = search;
  // The activated environment is that of the code under test.
  const own = baseline === undefined ? undefined : inFolders(foldersUpTo(folder, baseline), search);
  if (own !== undefined) return own;
  if (virtualEnvironment !== undefined) {
    const activated = interpreterIn(virtualEnvironment);
    if (activated !== undefined) return activated;
    throw new UserError({
      found: 'The variable VIRTUAL_ENV names a folder that holds no Python interpreter',
      expected: 'a virtual environment, with bin/python',
      fix: 'create the environment in an earlier step of the same job, or unset VIRTUAL_ENV',
    });
  }
  const above = foldersUpTo(folder, checkout);
  const environment = inFolders(above, search);
  if (environment !== undefined) return environment;
  for (const manager of MANAGERS) {
    if (!above.some((place) => manager.of.some((file) => isFile(join(place, file))))) continue;
    const theirs = await ask(manager, search);
    if (theirs !== undefined) return theirs;
  }
  const conda = search.environment['CONDA_PREFIX'] || undefined;
  const condas = conda === undefined ? undefined : interpreterIn(conda);
  if (condas !== undefined) return condas;
  const onPath = (search.environment['PATH'] ?? '')
    .split(':')
    .filter((entry) => entry.startsWith('/'))
    .flatMap((entry) => [join(entry, 'python3'), join(entry, 'python')])
    .find(isFile);
  if (onPath !== undefined) return onPath;
  throw new UserError({
    found: 'There is no Python interpreter: neither a virtual environment nor python3 on PATH',
    expected: "an interpreter with the application's dependencies",
    fix: 'run actions/setup-python and install the dependencies before this action, as docs/python.md shows',
  });
}

/** uv's environment, or another that lies in one of these folders. */
function inFolders(
  folders: readonly string[],
  { environment }: Pick<PythonSearch, 'environment'>,
): string | undefined {
  const uvs = environment['UV_PROJECT_ENVIRONMENT'] || undefined;
  for (const place of folders) {
    const named =
      uvs !== undefined && isFile(join(place, 'uv.lock'))
        ? interpreterIn(resolve(place, uvs))
        : undefined;
    if (named !== undefined) return named;
    for (const name of ['.venv', 'venv']) {
      const interpreter = interpreterIn(join(place, name));
      if (interpreter !== undefined) return interpreter;
    }
  }
  return undefined;
}

function interpreterIn(environment: string): string | undefined {
  return [join(environment, 'bin', 'python'), join(environment, 'Scripts', 'python.exe')].find(
    isFile,
  );
}

async function ask(
  { file, args }: (typeof MANAGERS)[number],
  { folder, environment, isolation }: PythonSearch,
): Promise<string | undefined> {
  const answer = await runIsolated(
    isolation,
    { file, args, environment },
    { channel: false, cwd: folder, input: '', timeoutMs: MANAGER_TIMEOUT_MS },
  );
  // The program is not there, or has no environment for this application: the next place decides.
  if (answer.kind === 'failed') return undefined;
  const interpreter = answer.stdout.trim();
  return interpreter.startsWith('/') && isFile(interpreter) ? interpreter : undefined;
}

/** The folder itself first. */
function foldersUpTo(folder: string, last: string): string[] {
  const above = dirname(folder);
  return folder === last || above === folder ? [folder] : [folder, ...foldersUpTo(above, last)];
}
