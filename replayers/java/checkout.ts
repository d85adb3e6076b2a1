import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** More than any checkout has. Links are not followed. */
const MAX_FILES = 200_000;

const PASSED_OVER: ReadonlySet<string> = new Set(['node_modules', 'vendor']);

/** Folders that compilers write into. Generated sources are there too. */
const BUILT: ReadonlySet<string> = new Set(['target', 'build', 'out', 'bin']);

export interface Checkout {
  /** Absolute path: the folder with `.git`, or the working directory where there is none. */
  readonly root: string;
  /** Absolute paths of source files that become classes, with `/` between folders. */
  readonly sources: readonly string[];
  /** Absolute paths of folders with a pom.xml. */
  readonly modules: readonly string[];
}

/** Reads the tree around the working directory once. It opens no file. */
export function readCheckout(folder: string): Checkout {
  const root = rootOf(folder);
  const sources: string[] = [];
  const modules: string[] = [];
  const walk = (at: string, isBuilt: boolean): void => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (sources.length >= MAX_FILES) return;
      if (entry.isDirectory()) {
        if (entry.name.startsWith('.') || PASSED_OVER.has(entry.name)) continue;
        if (isOtherCheckout(path)) continue;
        // A package may have such a name too, and is no output folder.
        const isOutput = BUILT.has(entry.name) && isBuildFolder(at);
        if (isBuilt && !/^generated/u.test(entry.name)) continue;
        walk(path, isOutput);
      } else if (!isBuilt && entry.isFile()) {
        if (/\.(?:java|kt|scala|groovy)$/u.test(entry.name)) sources.push(path);
        if (entry.name === 'pom.xml') modules.push(at);
      }
    }
  };
  walk(root, false);
  return { root, sources, modules };
}

/** The baseline can lie in the checkout, and its modules have the same names. A submodule is part of the checkout. */
function isOtherCheckout(folder: string): boolean {
  const git = join(folder, '.git');
  const kind = statSync(git, { throwIfNoEntry: false });
  if (kind === undefined) return false;
  return kind.isDirectory() || /^gitdir: .*\/worktrees\//u.test(readFileSync(git, 'utf8'));
}

function isBuildFolder(folder: string): boolean {
  return ['pom.xml', 'build.gradle', 'build.gradle.kts', '.classpath'].some((name) =>
    existsSync(join(folder, name)),
  );
}

function rootOf(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return folder;
  }
}
