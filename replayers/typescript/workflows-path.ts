import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Fatal } from '../common/fatal.js';

const ENDINGS = ['.ts', '.js', '.mts', '.mjs', '.cts', '.cjs'] as const;

/** Where TypeScript applications usually keep their workflows, in this order. */
const USUAL_PLACES = ['src/workflows', 'workflows', 'lib/workflows', 'dist/workflows'] as const;

/** The workflow module, and what decided that it is this one. */
export interface WorkflowModule {
  /** Without links, as with a worker's `require.resolve`: the SDK's bundler fails on them. */
  readonly path: string;
  readonly because: string;
}

/** The module that the user names, in the input or in the options of the worker. */
export function namedModule(
  folder: string,
  given: string | undefined,
  inOptions: string | undefined,
): WorkflowModule | undefined {
  if (given !== undefined) {
    const path = existing(folder, given, 'input workflows');
    return { path, because: 'the input workflows names it' };
  }
  if (inOptions === undefined) return undefined;
  const path = existing(folder, inOptions, 'workflowsPath of replay-options');
  return { path, because: 'workflowsPath of replay-options names it' };
}

/** The module in the first of the usual places that has one. */
export function usualModule(folder: string): WorkflowModule {
  for (const [index, place] of USUAL_PLACES.entries()) {
    const found = moduleAt(join(folder, place));
    if (found === undefined) continue;
    const none = USUAL_PLACES.slice(0, index).join(', ');
    const because =
      index === 0
        ? 'it is the usual place'
        : `there is none in ${none}; build what is compiled before`;
    return { path: realpathSync(found), because };
  }
  throw new Fatal(
    `no workflow module in the usual places (${USUAL_PLACES.join(', ')})`,
    'set the input workflows to the file or folder that exports the workflow functions',
  );
}

function existing(folder: string, given: string, by: string): string {
  const path = resolve(folder, given);
  const found = isFile(path) ? path : moduleAt(path);
  if (found !== undefined) return realpathSync(found);
  throw new Fatal(
    existsSync(path)
      ? `the folder "${given}" (${by}) has no index file`
      : `"${given}" (${by}) does not exist in the working directory`,
    `name the file that exports the workflow functions, or a folder with an index file that does${besides(path)}`,
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
