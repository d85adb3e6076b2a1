import { existsSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Fatal } from '../common/fatal.js';

const ENDINGS = ['.ts', '.js', '.mts', '.mjs', '.cts', '.cjs'] as const;

/** Where TypeScript applications keep their workflows when nobody says otherwise, in this order. */
const USUAL_PLACES = ['src/workflows', 'workflows', 'lib/workflows', 'dist/workflows'] as const;

/**
 * The workflow module: the user's word for it, or the first of the usual places that exists. Without
 * links in its path, as `require.resolve` gives it to a worker: the SDK's bundler fails on them.
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
      'name the file that exports the workflow functions, or a folder with an index file that does',
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

/** `path.ts` and its like, else `path/index.ts` and its like. */
function moduleAt(path: string): string | undefined {
  return [path, join(path, 'index')]
    .flatMap((base) => ENDINGS.map((ending) => base + ending))
    .find(isFile);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
