import { dirname, join } from 'node:path';
import { isFile } from '../files/paths.js';
import { UserError } from '../model/user-error.js';
import type { IsolationWay } from '../replay/isolation-way.js';
import { runIsolated } from '../replay/run-isolated.js';

/** Milliseconds that poetry may take to say where its environment is. */
const POETRY_TIMEOUT_MS = 30_000;

export interface PythonSearch {
  /** Absolute path of the application. */
  readonly folder: string;
  /** Absolute path of the checkout that holds it: the search ends there. */
  readonly checkout: string;
  /** `VIRTUAL_ENV` of the step: the activated environment. */
  readonly virtualEnvironment: string | undefined;
  /** The variables of the replay process. poetry gets no others. */
  readonly environment: Readonly<Record<string, string>>;
  /** Also for poetry, because it runs what the application's folder tells it to. */
  readonly isolation: IsolationWay;
}

/**
 * The interpreter that has the application's dependencies, in the order of docs/python.md: the activated
 * environment, an environment in or above the application's folder, poetry's, and the interpreter on `PATH`.
 *
 * @throws UserError where the activated environment holds no interpreter, or there is none at all
 */
export async function findPython(search: PythonSearch): Promise<string> {
  const { folder, checkout, virtualEnvironment } = search;
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
  for (const place of above) {
    for (const name of ['.venv', 'venv']) {
      const interpreter = interpreterIn(join(place, name));
      if (interpreter !== undefined) return interpreter;
    }
  }
  if (above.some((place) => isFile(join(place, 'poetry.lock')))) {
    const poetrys = await askPoetry(search);
    if (poetrys !== undefined) return poetrys;
  }
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

function interpreterIn(environment: string): string | undefined {
  return [join(environment, 'bin', 'python'), join(environment, 'Scripts', 'python.exe')].find(
    isFile,
  );
}

async function askPoetry(search: PythonSearch): Promise<string | undefined> {
  const { folder, environment, isolation } = search;
  const args = ['env', 'info', '--executable', '--no-ansi'];
  const answer = await runIsolated(
    isolation,
    { file: 'poetry', args, environment },
    { channel: false, cwd: folder, input: '', timeoutMs: POETRY_TIMEOUT_MS },
  );
  // There is no poetry, or poetry has no environment for this application: the next place decides.
  if (answer.kind === 'failed') return undefined;
  const interpreter = answer.stdout.trim();
  return interpreter.startsWith('/') && isFile(interpreter) ? interpreter : undefined;
}

/** The folder itself first. */
function foldersUpTo(folder: string, last: string): string[] {
  const above = dirname(folder);
  return folder === last || above === folder ? [folder] : [folder, ...foldersUpTo(above, last)];
}
