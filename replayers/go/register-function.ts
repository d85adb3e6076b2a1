import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { Fatal } from '../common/fatal.js';

export interface RegisterFunction {
  /** Absolute path of the package. */
  readonly folder: string;
  readonly register: string;
  /** A function that returns options for the replayer. */
  readonly options: string | undefined;
}

const HOW_TO_NAME =
  'set the input workflows to a package and its function, as in ./worker#RegisterWorkflows';

/** `PACKAGE`, `PACKAGE#FUNCTION` or `PACKAGE#FUNCTION,OPTIONS`. */
const WORKFLOWS = /^([^#]*)(?:#([\p{L}_][\p{L}\p{N}_]*)(?:\s*,\s*([\p{L}_][\p{L}\p{N}_]*))?)?$/u;

/** The function that registers the workflows: the one that the user names, or the only one. */
export function locateFunctions(folder: string, given: string | undefined): RegisterFunction {
  if (given === undefined)
    return only(folder, candidatesIn(folder, folder), 'the working directory');
  const [, path = '', register, options] = WORKFLOWS.exec(given) ?? [];
  const packageFolder = resolve(folder, path === '' ? '.' : path);
  const isInside = !relative(folder, packageFolder).startsWith('..');
  if (!WORKFLOWS.test(given) || !isInside) {
    throw new Fatal(
      `"${given}" (input workflows) names no package in the working directory`,
      HOW_TO_NAME,
    );
  }
  if (!existsSync(packageFolder) || !statSync(packageFolder).isDirectory()) {
    throw new Fatal(`"${given}" (input workflows): there is no folder ${path}`, HOW_TO_NAME);
  }
  if (register !== undefined) return { folder: packageFolder, register, options };
  const found = goFiles(packageFolder).flatMap((file) => registerFunctions(packageFolder, file));
  return only(folder, found, path);
}

function only(folder: string, found: readonly Candidate[], where: string): RegisterFunction {
  const [first, ...others] = found;
  if (first === undefined) {
    throw new Fatal(
      `no exported function in ${where} takes a worker.Registry, worker.WorkflowRegistry or worker.Worker alone`,
      HOW_TO_NAME,
    );
  }
  if (others.length > 0) {
    const names = found.map(({ folder: at, name }) => {
      const path = relative(folder, at).split(sep).join('/');
      return `${path === '' ? '.' : `./${path}`}#${name}`;
    });
    throw new Fatal(
      `several functions could register the workflows: ${names.sort().join(', ')}`,
      'set the input workflows to one of them',
    );
  }
  return { folder: first.folder, register: first.name, options: undefined };
}

interface Candidate {
  readonly folder: string;
  readonly name: string;
}

/** Folders that go itself skips, and other modules. */
function isPassedOver(path: string, name: string): boolean {
  return (
    /^[._]/u.test(name) ||
    ['vendor', 'testdata', 'node_modules'].includes(name) ||
    existsSync(join(path, 'go.mod'))
  );
}

function candidatesIn(root: string, folder: string): Candidate[] {
  const own = goFiles(folder).flatMap((file) => registerFunctions(folder, file));
  const below = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !isPassedOver(join(folder, entry.name), entry.name))
    .flatMap((entry) => candidatesIn(root, join(folder, entry.name)));
  return [...own, ...below];
}

/** The file that declares a function, also one that go leaves out, and the functions that could be meant. */
export function lookForFunction(
  folder: string,
  name: string,
): { readonly file: string | undefined; readonly others: readonly string[] } {
  const files = goFiles(folder);
  const declared = new RegExp(String.raw`^func\s+${name}\s*[([]`, 'mu');
  return {
    file: files.find((file) => declared.test(readFileSync(join(folder, file), 'utf8'))),
    others: files.flatMap((file) => registerFunctions(folder, file)).map((one) => one.name),
  };
}

function goFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(
      ({ name }) => name.endsWith('.go') && !name.endsWith('_test.go') && !/^[._]/u.test(name),
    )
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
}

const WORKER_IMPORT =
  /^\s*(?:import\s+)?(?:([\p{L}_][\p{L}\p{N}_]*)\s+)?"go\.temporal\.io\/sdk\/worker"/mu;

/**
 * Functions of a file that take one registry and nothing else. In a program all of them, because they are called
 * from within it; else the exported ones.
 */
function registerFunctions(folder: string, file: string): Candidate[] {
  const text = readFileSync(join(folder, file), 'utf8');
  const imported = WORKER_IMPORT.exec(text);
  if (imported === null) return [];
  const alias = imported[1] ?? 'worker';
  const isProgram = /^package\s+main\b/mu.test(text);
  const pattern = new RegExp(
    String.raw`^func\s+([\p{L}_][\p{L}\p{N}_]*)\(\s*[\p{L}_][\p{L}\p{N}_]*\s+${alias}\.(?:Registry|WorkflowRegistry|Worker)\s*,?\s*\)\s*(?:error\s*)?\{`,
    'gmu',
  );
  return [...text.matchAll(pattern)]
    .map(([, name = '']) => name)
    .filter((name) => isProgram || /^\p{Lu}/u.test(name))
    .map((name) => ({ folder, name }));
}
