import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { isInside, realPathOf } from '../files/paths.js';
import type { Source, Told } from './candidates.js';

/** A longer file is a bundle that no person wrote. */
const MAX_LENGTH = 300_000;

/** More files are not compared where no line is known. */
const MAX_FILES = 3_000;

const EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  typescript: ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs'],
  python: ['.py'],
  go: ['.go'],
  java: ['.java'],
};

const NO_SOURCES = new Set(['node_modules', '.git', 'dist', 'build', 'target', '.venv', 'venv']);

/**
 * The files in which an edit may be written: those of the finding's lines and, where they are the same on the
 * baseline, all that this change touched.
 */
export function sourcesOf(
  { divergence, baseline }: Told,
  workspace: string,
  baselineRoot: string | undefined,
  language: string | undefined,
): Source[] {
  const named = [
    'location' in divergence ? divergence.location.file : undefined,
    baseline?.location?.file,
    'helper' in divergence ? divergence.helper.file : undefined,
  ].filter((file) => file !== undefined);
  const read = (files: Iterable<string>): Source[] =>
    [...new Set(files)].flatMap((file) => sourceIn(file, workspace, baselineRoot) ?? []);
  const ofLines = read(named);
  if (baselineRoot === undefined) return ofLines;
  const changed = ofLines.filter(({ head, base }) => head.join('\n') !== base?.join('\n'));
  if (changed.length > 0 || !existsSync(workspace)) return changed;
  const all = filesIn(workspace, baselineRoot, EXTENSIONS[language ?? ''] ?? []);
  return read(all).filter(({ head, base }) => head.join('\n') !== base?.join('\n'));
}

function sourceIn(
  file: string,
  workspace: string,
  baselineRoot: string | undefined,
): Source | undefined {
  const head = linesOf(file, workspace);
  if (head === undefined) return undefined;
  if (baselineRoot === undefined) return { file, head };
  const base = linesOf(file, baselineRoot);
  return base === undefined ? undefined : { file, head, base };
}

function linesOf(file: string, root: string): readonly string[] | undefined {
  const path = join(root, file);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() !== true || stat.size > MAX_LENGTH) return undefined;
  // Links could lead to what is no part of the code.
  if (!isInside(realPathOf(path), root) || realPathOf(path) !== path) return undefined;
  return readFileSync(path, 'utf8').split(/\r?\n/u);
}

/** Source files that both checkouts hold, relative to their roots. */
function filesIn(root: string, other: string, extensions: readonly string[]): string[] {
  const found: string[] = [];
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (path === other || NO_SOURCES.has(entry.name)) continue;
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile() && extensions.includes(extname(entry.name))) {
        const file = relative(root, path).split('\\').join('/');
        if (existsSync(join(other, file))) found.push(file);
      }
      if (found.length >= MAX_FILES) return found.sort();
    }
  }
  return found.sort();
}
