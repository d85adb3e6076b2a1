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

/** `PACKAGE#TYPE.METHOD`, also with a pointer. */
const METHOD = /^([^#]*)#\(?(\*?[\p{L}_][\p{L}\p{N}_]*)\)?\.([\p{L}_][\p{L}\p{N}_]*)/u;

/** The name of the function that messages propose to write. */
const WRAPPER = 'RegisterForReplay';

/** How to let a function with one worker.Registry do what the application does in another way. */
export function wrapper(body: string, path: string): string {
  const at = path === '' ? './worker' : path;
  return (
    `write, in the same package, func ${WRAPPER}(registry worker.Registry) { ${body} } ` +
    `and set workflows to ${at}#${WRAPPER} (docs/go.md)`
  );
}

export function isMethod(path: string, type: string, name: string): Fatal {
  const plain = type.replace(/^\*/u, '');
  return new Fatal(
    `${plain}.${name} is a method (input workflows)`,
    wrapper(`(&${plain}{ … }).${name}(registry)`, path),
  );
}

function inputFor(root: string, { folder, name }: Candidate): string {
  const path = relative(root, folder).split(sep).join('/');
  return `${path === '' ? '.' : `./${path}`}#${name}`;
}

/** The function that registers the workflows: the one that the user names, or the only one. */
export function locateFunctions(folder: string, given: string | undefined): RegisterFunction {
  if (given === undefined)
    return only(folder, candidatesIn(folder, folder), 'the working directory');
  const method = METHOD.exec(given);
  if (method !== null) throw isMethod(method[1] ?? '', method[2] ?? '', method[3] ?? '');
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
    const there = candidatesIn(folder, folder).map((one) => inputFor(folder, one));
    throw new Fatal(
      `"${given}" (input workflows): there is no folder ${path}`,
      there.length === 0 ? HOW_TO_NAME : `${HOW_TO_NAME}; there is ${there.sort().join(', ')}`,
    );
  }
  if (register !== undefined) return { folder: packageFolder, register, options };
  const found = goFiles(packageFolder).flatMap((file) => registerFunctions(packageFolder, file));
  return only(folder, found, path, packageFolder);
}

/** Where workflows are registered all the same, it says how to take these lines out. */
function noneFound(root: string, where: string, searched: string): Fatal {
  const found = `no exported function in ${where} takes a worker.Registry, worker.WorkflowRegistry or worker.Worker alone`;
  const [registering] = registeringIn(searched);
  if (registering === undefined) return new Fatal(found, HOW_TO_NAME);
  const { folder, file, line, inside } = registering;
  const input = inputFor(root, { folder, name: WRAPPER });
  const place = `${relative(root, join(folder, file)).split(sep).join('/')}:${line}`;
  const calls = inside === undefined ? 'it' : inside;
  return new Fatal(
    `${found}; workflows are registered in ${inside ?? 'code'} at ${place}`,
    `move what registers out of ${calls} into func ${WRAPPER}(registry worker.Registry) { registry.RegisterWorkflow(…) } ` +
      `and let ${calls} call it with its worker; then set the input workflows to ${input} (docs/go.md)`,
  );
}

interface Registering {
  readonly folder: string;
  readonly file: string;
  readonly line: number;
  /** The function around it. */
  readonly inside: string | undefined;
}

/** The first line of each package's files that registers a workflow. */
function registeringIn(folder: string): Registering[] {
  const own = goFiles(folder).flatMap((file) => {
    const lines = readFileSync(join(folder, file), 'utf8').split('\n');
    const at = lines.findIndex((line) => /\.RegisterWorkflow(?:WithOptions)?\(/u.test(line));
    if (at === -1) return [];
    const around = lines
      .slice(0, at + 1)
      .findLast((line) => line.startsWith('func '))
      ?.match(/^func\s+(?:\([^)]*\)\s*)?([\p{L}_][\p{L}\p{N}_]*)/u)?.[1];
    return [{ folder, file, line: at + 1, inside: around }];
  });
  return [...own, ...foldersIn(folder).flatMap((below) => registeringIn(below))];
}

/** Folders of the same module. */
function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !isPassedOver(join(folder, entry.name), entry.name))
    .map((entry) => join(folder, entry.name));
}

function only(
  folder: string,
  found: readonly Candidate[],
  where: string,
  searched = folder,
): RegisterFunction {
  const [first, ...others] = found;
  if (first === undefined) throw noneFound(folder, where, searched);
  if (others.length > 0) {
    const names = found.map((one) => inputFor(folder, one));
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
  return [...own, ...foldersIn(folder).flatMap((below) => candidatesIn(root, below))];
}

/** The file that declares a function, also one that go leaves out, and the functions that could be meant. */
export function lookForFunction(
  folder: string,
  name: string,
): {
  readonly file: string | undefined;
  readonly others: readonly string[];
  /** The type that has a method of that name. */
  readonly methodOf: string | undefined;
} {
  const files = goFiles(folder);
  const method = new RegExp(
    String.raw`^func\s+\([^)]*?(\*?[\p{L}_][\p{L}\p{N}_]*)\)\s*${name}\s*\(`,
    'mu',
  );
  const declared = new RegExp(String.raw`^func\s+${name}\s*[([]`, 'mu');
  return {
    file: files.find((file) => declared.test(readFileSync(join(folder, file), 'utf8'))),
    others: files.flatMap((file) => registerFunctions(folder, file)).map((one) => one.name),
    methodOf: files
      .map((file) => method.exec(readFileSync(join(folder, file), 'utf8'))?.[1])
      .find((type) => type !== undefined),
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
