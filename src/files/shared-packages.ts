import {
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  type Dirent,
} from 'node:fs';
import { join, relative, sep } from 'node:path';
import { isInside, realPathOf } from './paths.js';
import { foldersUpTo, isSame, textOf } from './same-files.js';

/** What package managers of Node lock versions with. */
const LOCK_FILES: readonly string[] = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
  'bun.lockb',
];

/** npm links folders of the repository, and copies them only where this is told; the others copy them always. */
const NPM_LOCK_FILES: readonly string[] = ['package-lock.json', 'npm-shrinkwrap.json'];
const NPM_COPY = /"resolved":\s*"file:/u;

/** Text of a lock file that names a copy of a folder or file of the repository. */
const COPY = /\bfile:/u;

/** What decides, beside the lock file, what is installed: Yarn 1 locks nothing of a workspace's own packages. */
const DEPENDENCY_FIELDS: readonly string[] = [
  'packageManager',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'resolutions',
  'overrides',
];

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
      if (!isSame(workspace, baseline, join(folder, name))) {
        return `${shown(workspace, join(folder, name))} differs`;
      }
      if (ours === undefined) continue;
      isLocked = true;
      // A copy could be of the code under test, although the lock file is the same.
      if ((NPM_LOCK_FILES.includes(name) ? NPM_COPY : COPY).test(ours)) {
        return `${shown(workspace, join(folder, name))} names copies of the repository's own files ("file:")`;
      }
    }
    if (!areSame(join(folder, PATCHES), join(other, PATCHES))) {
      return `${shown(workspace, join(folder, PATCHES))} differs`;
    }
  }
  if (!isLocked) return 'there is no lock file to compare';
  for (const folder of ownPackages(workspace, baseline, application)) {
    const manifest = join(folder, 'package.json');
    const field = differingField(manifest, join(baseline, relative(workspace, manifest)));
    if (field !== undefined) return `${field} in ${shown(workspace, manifest)} differs`;
  }
  return undefined;
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
function isInstalled(path: string): boolean {
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
    const target = isOwn(real, workspace) ? join(baseline, relative(workspace, real)) : real;
    symlinkSync(target, join(into, name));
  }
}

/** Whether a path of `node_modules` leads into the repository itself. */
function isOwn(real: string, workspace: string): boolean {
  return isInside(real, workspace) && !isInstalled(relative(workspace, real));
}

/** The application's folder and those above it, and the packages of the workspace that are linked for any of them. */
function ownPackages(workspace: string, baseline: string, application: string): Set<string> {
  const found = new Set(foldersUpTo(workspace, application));
  const visit = (folder: string): void => {
    for (const name of namesIn(folder)) {
      const path = join(folder, name);
      if (name.startsWith('@')) visit(path);
      else if (!name.startsWith('.') && isOwn(realPathOf(path), workspace)) {
        found.add(realPathOf(path));
      }
    }
  };
  for (const folder of foldersWithPackages(workspace, baseline)) visit(join(folder, MODULES));
  return found;
}

/** Folders below `root` that have packages installed, without those in `except`. */
function foldersWithPackages(root: string, except: string | undefined): string[] {
  const found: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      // It can be a link to where a cache keeps it.
      if (entry.name === MODULES) found.push(folder);
      else if (entry.isDirectory() && path !== except && entry.name !== '.git') visit(path);
    }
  };
  visit(root);
  return found;
}

/** Nothing where the folder cannot be read: some other program's data can lie in a checkout. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

const namesIn = (folder: string): string[] => entriesOf(folder).map(({ name }) => name);

/** The first field of two package.json that differs and can change what is installed. */
function differingField(one: string, other: string): string | undefined {
  const [ours, theirs] = [one, other].map(manifestOf);
  return DEPENDENCY_FIELDS.find(
    (field) => JSON.stringify(ours?.[field]) !== JSON.stringify(theirs?.[field]),
  );
}

function manifestOf(path: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(textOf(path) ?? '{}') as Record<string, unknown>;
  } catch {
    // Whatever read it before has told so, or nothing reads it.
    return {};
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

function shown(workspace: string, path: string): string {
  return relative(workspace, path);
}
