import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Fatal } from '../common/fatal.js';

const ENDINGS = ['.ts', '.js', '.mts', '.mjs', '.cts', '.cjs'] as const;

/** Where TypeScript applications usually keep their workflows, in this order. */
const USUAL_PLACES = ['src/workflows', 'workflows', 'lib/workflows', 'dist/workflows'] as const;

/**
 * The workflow module: the one that the user names, or the first of the usual places that exists. Its path
 * has no links, as with a worker's `require.resolve`: the SDK's bundler fails on them.
 */
export function locateWorkflows(folder: string, given: string | undefined): string {
  return realpathSync(find(folder, given));
}

function find(folder: string, given: string | undefined): string {
  if (given !== undefined) {
    const path = resolve(folder, given);
    if (isFile(path)) return path;
    const found = moduleAt(path);
    if (found !== undefined) return found;
    throw new Fatal(
      existsSync(path)
        ? `the folder "${given}" (input workflows) has no index file`
        : `"${given}" (input workflows) does not exist in the working directory`,
      `name the file that exports the workflow functions, or a folder with an index file that does${besides(path)}`,
    );
  }
  for (const place of USUAL_PLACES) {
    const found = moduleAt(join(folder, place));
    if (found !== undefined) return found;
  }
  throw new Fatal(
    `no workflow module in the usual places (${USUAL_PLACES.join(', ')})`,
    'set the input workflows to the file or folder that exports the workflow functions',
  );
}

/** A longer list does not help to find the right name. */
const MAX_NAMES = 10;

/** The modules in the folder of one that does not exist. */
function besides(path: string): string {
  const folder = existsSync(path) ? path : dirname(path);
  if (!existsSync(folder)) return '';
  const names = readdirSync(folder).filter((name) => ENDINGS.some((end) => name.endsWith(end)));
  const more = names.length > MAX_NAMES ? ', …' : '';
  return names.length === 0 ? '' : `; there are ${names.slice(0, MAX_NAMES).join(', ')}${more}`;
}

/** `path.ts` and its like, else `path/index.ts` and its like. */
function moduleAt(path: string): string | undefined {
  return [path, join(path, 'index')]
    .flatMap((base) => ENDINGS.map((ending) => base + ending))
    .find(isFile);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
