import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { isInside, realPathOf } from './paths.js';

/** What package managers of Node lock versions with. */
const LOCK_FILES: readonly string[] = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
];

/** Text of a lock file that names a copy of a folder or file of the repository. */
const COPY = /\bfile:/u;

/** Folders of changes to packages, which no lock file need name: patch-package's and pnpm's. */
const PATCHES = 'patches';

const MODULES = 'node_modules';

/** In a folder of links, so that those of a run that was killed are known. */
const MARK = '.linked-for-the-baseline';

/**
 * Why what is installed for the code under test does not serve the baseline; undefined where it does: everything
 * that is locked is the same.
 *
 * @param workspace real path of the checkout under test
 * @param baseline real path of the baseline's checkout
 * @param application real path of the application's folder in the checkout under test
 */
export function whyNotShared(
  workspace: string,
  baseline: string,
  application: string,
): string | undefined {
  let isLocked = false;
  for (const folder of foldersUpTo(workspace, application)) {
    const other = join(baseline, relative(workspace, folder));
    for (const name of LOCK_FILES) {
      const ours = textOf(join(folder, name));
      if (ours !== textOf(join(other, name))) {
        return `${shown(workspace, join(folder, name))} differs`;
      }
      if (ours === undefined) continue;
      isLocked = true;
      // A copy could be of the code under test, although the lock file is the same.
      if (COPY.test(ours)) {
        return `${shown(workspace, join(folder, name))} names copies of the repository's own files ("file:")`;
      }
    }
    if (managerOf(folder) !== managerOf(other)) {
      return `packageManager in ${shown(workspace, join(folder, 'package.json'))} differs`;
    }
    if (!areSame(join(folder, PATCHES), join(other, PATCHES))) {
      return `${shown(workspace, join(folder, PATCHES))} differs`;
    }
  }
  return isLocked ? undefined : 'there is no lock file to compare';
}

/**
 * Links the packages of the code under test into the baseline. What a workspace links into the repository itself
 * is linked to the baseline's own folder: it must never be the code under test.
 *
 * @returns a function that takes the links away again
 */
export function sharePackages(workspace: string, baseline: string): () => void {
  const made: string[] = [];
  const takeAway = (): void => {
    for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
  };
  try {
    for (const folder of foldersWithPackages(workspace, baseline)) {
      const other = join(baseline, relative(workspace, folder));
      const into = join(other, MODULES);
      if (!existsSync(other) || existsSync(into)) continue;
      mkdirSync(into);
      made.push(into);
      writeFileSync(join(into, MARK), '');
      linkEach(join(folder, MODULES), into, workspace, baseline);
    }
  } catch (error) {
    takeAway();
    throw error;
  }
  return takeAway;
}

/** Takes away the links of a run that was killed. */
export function removeOldLinks(baseline: string): void {
  for (const folder of foldersWithPackages(baseline, undefined)) {
    const modules = join(folder, MODULES);
    if (existsSync(join(modules, MARK))) rmSync(modules, { recursive: true, force: true });
  }
}

/** Whether the path goes through a folder of installed packages. */
export function isInstalled(path: string): boolean {
  return path.split(sep).includes(MODULES);
}

function linkEach(from: string, into: string, workspace: string, baseline: string): void {
  for (const name of readdirSync(from)) {
    // Programs, caches and stores: nothing is imported from there by its name.
    if (name.startsWith('.')) continue;
    const path = join(from, name);
    if (name.startsWith('@')) {
      mkdirSync(join(into, name));
      linkEach(path, join(into, name), workspace, baseline);
      continue;
    }
    const real = realPathOf(path);
    const isOwn = isInside(real, workspace) && !isInstalled(relative(workspace, real));
    symlinkSync(isOwn ? join(baseline, relative(workspace, real)) : real, join(into, name));
  }
}

/** Folders below `root` that have packages installed, without those in `except`. */
function foldersWithPackages(root: string, except: string | undefined): string[] {
  const found: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      // It can be a link to where a cache keeps it.
      if (entry.name === MODULES) found.push(folder);
      else if (entry.isDirectory() && path !== except && entry.name !== '.git') visit(path);
    }
  };
  visit(root);
  return found;
}

/** The folder and those above it, up to the checkout's root. */
function foldersUpTo(root: string, folder: string): string[] {
  return folder === root || !isInside(folder, root)
    ? [root]
    : [folder, ...foldersUpTo(root, dirname(folder))];
}

function managerOf(folder: string): string {
  try {
    const { packageManager } = JSON.parse(textOf(join(folder, 'package.json')) ?? '{}') as {
      packageManager?: unknown;
    };
    return JSON.stringify(packageManager);
  } catch {
    return 'unreadable';
  }
}

function areSame(one: string, other: string): boolean {
  const [ours, theirs] = [one, other].map(filesOf);
  return JSON.stringify(ours) === JSON.stringify(theirs);
}

function filesOf(folder: string): [string, string | undefined][] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => [name, textOf(join(folder, name))]);
}

/** Each byte is a character; undefined where it is no file. */
function textOf(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
    ? readFileSync(path, 'latin1')
    : undefined;
}

function shown(workspace: string, path: string): string {
  return relative(workspace, path);
}
