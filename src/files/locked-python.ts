import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { foldersUpTo, isSame, textOf } from './same-files.js';

/** Files that say which packages an environment of Python gets, and for which Python. */
const LOCKED =
  /^(?:(?:uv|poetry|pdm|conda)\.lock|Pipfile\.lock|pylock(?:\..+)?\.toml|(?:.+[-_.])?(?:requirements|constraints)(?:[-_.].+)?\.txt|(?:environment|conda-lock)\.ya?ml)$/u;
const PYTHON_VERSION = '.python-version';

/** Where pip's files often are: `requirements/prod.txt`. */
const FOLDERS: readonly string[] = ['requirements', 'constraints'];

/** What is installed where nothing is locked. */
const UNLOCKED: readonly string[] = ['pyproject.toml', 'setup.py', 'setup.cfg', 'Pipfile'];

/**
 * The file that makes an environment for the code under test no environment for the baseline; undefined where the same
 * is locked, from the application's folder up to the checkout's root.
 *
 * @param workspace real path of the checkout under test
 * @param baseline real path of the baseline's checkout
 * @param application real path of the application's folder in the checkout under test
 */
export function differingPythonLock(
  workspace: string,
  baseline: string,
  application: string,
): string | undefined {
  const folders = foldersUpTo(workspace, application);
  const locked = folders.flatMap((folder) => {
    const counterpart = join(baseline, relative(workspace, folder));
    return [...new Set([...namesIn(folder), ...namesIn(counterpart)])].map((name) =>
      join(folder, name),
    );
  });
  const isLocked = locked.some((path) => textOf(path) !== undefined);
  const files = [
    ...locked,
    ...folders.map((folder) => join(folder, PYTHON_VERSION)),
    ...(isLocked ? [] : folders.flatMap((folder) => UNLOCKED.map((name) => join(folder, name)))),
  ];
  const differing = files.find((path) => !isSame(workspace, baseline, path));
  return differing === undefined ? undefined : relative(workspace, differing);
}

/** The files in a folder that lock, with those in its folders for pip. */
function namesIn(folder: string): string[] {
  return [
    ...list(folder).filter((name) => LOCKED.test(name)),
    ...FOLDERS.flatMap((inside) =>
      list(join(folder, inside))
        .filter((name) => name.endsWith('.txt'))
        .map((name) => join(inside, name)),
    ),
  ];
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
