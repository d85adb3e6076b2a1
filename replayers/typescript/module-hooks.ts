import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, resolve as resolvePath } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { aliased, projectSettings, type ProjectSettings } from './tsconfig.js';

/**
 * Lets Node load a project's TypeScript: with the compiler of the SDK's own bundler, so no build step is needed
 * and no other compiler decides what the code means; with the project's path aliases; and with imports that have
 * no ending, or that of the compiled file. A module of its own, because Node may want it in another thread.
 */
export interface HookData {
  /** Absolute path of `@swc/core`. */
  readonly swc: string;
  /** Whether each `.ts` file is an ES module, also where its package says otherwise. */
  readonly allModules: boolean;
}

let data: HookData | undefined;

export function initialize(given: HookData): void {
  data = given;
}

interface ResolveContext {
  readonly parentURL?: string | undefined;
  readonly conditions?: readonly string[] | undefined;
}

interface Loaded {
  readonly format: string;
  readonly source: string;
  readonly shortCircuit: true;
}

/** Node's hook: says what a specifier means, where Node itself would not find it. */
export function resolve<Result>(
  specifier: string,
  context: ResolveContext,
  next: (specifier: string, context: ResolveContext) => Result,
): Result {
  // Newer releases of Node ask for what is required too; `patchRequire` answers that.
  const isRequired = context.conditions?.includes('require') === true;
  const from = isRequired ? undefined : pathIn(context.parentURL);
  const found = from === undefined ? undefined : pathOf(specifier, from);
  return next(found === undefined ? specifier : pathToFileURL(found).href, context);
}

/** Node's hook: compiles TypeScript. */
export function load<Context, Result>(
  url: string,
  context: Context,
  next: (url: string, context: Context) => Result,
): Result | Loaded {
  const path = pathIn(url);
  if (path === undefined || !isTypeScript(path)) return next(url, context);
  return isModule(path)
    ? { format: 'module', source: compile(path, 'es6'), shortCircuit: true }
    : { format: 'commonjs', source: compile(path, 'commonjs'), shortCircuit: true };
}

interface CompilableModule {
  _compile(code: string, filename: string, format: 'commonjs'): void;
}

type Parent = { readonly filename?: string | null } | null | undefined;

interface Options {
  readonly paths?: readonly string[];
}

/** The same for `require`: replaces what Node does with the endings of TypeScript, and how it finds a file. */
export function patchRequire(internals: {
  _extensions: Record<string, (module: CompilableModule, filename: string) => void>;
  _resolveFilename(request: string, parent: Parent, isMain: boolean, options?: Options): string;
}): void {
  const compileCommonJs = (module: CompilableModule, filename: string): void => {
    // With the format, Node does not take it for an ES module where it fails as CommonJS.
    module._compile(compile(filename, 'commonjs'), filename, 'commonjs');
  };
  for (const ending of ['.ts', '.cts', '.tsx', '.mts'])
    internals._extensions[ending] = compileCommonJs;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it gets its `this` by call() below
  const resolveFilename = internals._resolveFilename;
  internals._resolveFilename = function (request, parent, isMain, options) {
    const from = options?.paths === undefined ? parent?.filename : undefined;
    const found = typeof from === 'string' ? pathOf(request, from) : undefined;
    return resolveFilename.call(this, found ?? request, parent, isMain, options);
  };
}

const TYPESCRIPT = /(?<!\.d)\.[cm]?tsx?$/u;

function isTypeScript(path: string): boolean {
  return TYPESCRIPT.test(path) && !isInstalled(path);
}

function isInstalled(path: string): boolean {
  return /[\\/]node_modules[\\/]/u.test(path);
}

/** Whether a TypeScript file is an ES module. */
export function isModule(path: string): boolean {
  if (/\.mtsx?$/u.test(path)) return true;
  if (/\.ctsx?$/u.test(path)) return false;
  if (data?.allModules === true) return true;
  for (let at = dirname(path); ; at = dirname(at)) {
    const manifest = join(at, 'package.json');
    if (existsSync(manifest)) {
      try {
        return (JSON.parse(readFileSync(manifest, 'utf8')) as { type?: string }).type === 'module';
      } catch {
        return false;
      }
    }
    if (dirname(at) === at) return false;
  }
}

/** The used part of swc, which every application has because the SDK depends on it. */
interface Swc {
  transformSync(source: string, options: object): { code: string };
}

function compile(path: string, type: 'es6' | 'commonjs'): string {
  if (data === undefined) throw new Error('the compiler is not known yet');
  const swc = createRequire(path)(data.swc) as Swc;
  const { experimentalDecorators, emitDecoratorMetadata } = settingsOf(path);
  const source = readFileSync(path, 'utf8');
  const { code } = swc.transformSync(source, {
    filename: path,
    configFile: false,
    swcrc: false,
    sourceMaps: 'inline',
    // So that ES modules find what a CommonJS module exports.
    module: { type, exportInteropAnnotation: true },
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true, tsx: path.endsWith('x') },
      transform: {
        legacyDecorator: experimentalDecorators || emitDecoratorMetadata,
        decoratorMetadata: emitDecoratorMetadata,
      },
    },
  });
  return type === 'es6' ? `${commonNames(code)}${code}` : code;
}

/** What the names that only CommonJS modules have would be in an ES module. */
const COMMON_NAMES: Readonly<Record<string, string>> = {
  __filename: '__gateUrl.fileURLToPath(import.meta.url)',
  __dirname: "__gateUrl.fileURLToPath(new URL('.', import.meta.url)).slice(0, -1)",
  require: '__gateModule.createRequire(import.meta.url)',
};

/** Gives an ES module those of these names that it uses and does not declare. On its first line it moves no line. */
function commonNames(code: string): string {
  const missing = Object.entries(COMMON_NAMES).filter(([name]) => {
    const isUsed = new RegExp(`(?<![.\\w$])${name}(?![\\w$])`, 'u').test(code);
    const isDeclared = new RegExp(
      `\\b${name}\\s*=(?!=)|\\bimport\\b[^;'"]*\\b${name}\\b|\\bfunction\\s+${name}\\b`,
      'u',
    );
    return isUsed && !isDeclared.test(code);
  });
  if (missing.length === 0) return '';
  const declarations = missing.map(([name, value]) => `${name} = ${value}`).join(', ');
  return `import __gateModule from 'node:module'; import __gateUrl from 'node:url'; const ${declarations}; `;
}

const settingsByFolder = new Map<string, ProjectSettings>();

function settingsOf(path: string): ProjectSettings {
  const folder = dirname(path);
  const settings = settingsByFolder.get(folder) ?? projectSettings(folder);
  settingsByFolder.set(folder, settings);
  return settings;
}

/** The file that an import of the application's own code means; undefined where Node's own rules tell. */
export function pathOf(specifier: string, from: string): string | undefined {
  if (isInstalled(from)) return undefined;
  if (/^\.{1,2}(?:\/|$)/u.test(specifier)) return fileAt(resolvePath(dirname(from), specifier));
  if (/^(?:[\\/#]|\w+:)/u.test(specifier) || isBuiltin(specifier)) return undefined;
  const settings = settingsOf(from);
  return [
    ...aliased(specifier, settings),
    ...(settings.baseUrl === undefined ? [] : [join(settings.baseUrl, specifier)]),
  ]
    .map(fileAt)
    .find((path) => path !== undefined && !isInstalled(path) && !path.endsWith('.d.ts'));
}

/** Names that compiled files have, with those that their sources have. */
const SOURCES: readonly (readonly [compiled: RegExp, sources: readonly string[]])[] = [
  [/\.jsx?$/u, ['.ts', '.tsx']],
  [/\.mjs$/u, ['.mts']],
  [/\.cjs$/u, ['.cts']],
];

const ENDINGS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json'];

function fileAt(path: string): string | undefined {
  const bySource = SOURCES.flatMap(([compiled, sources]) =>
    compiled.test(path) ? sources.map((ending) => path.replace(compiled, ending)) : [],
  );
  return [
    path,
    ...bySource,
    ...ENDINGS.map((ending) => path + ending),
    ...ENDINGS.map((ending) => join(path, `index${ending}`)),
  ].find((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile() === true);
}

function pathIn(url: string | undefined): string | undefined {
  return url?.startsWith('file:') === true ? fileURLToPath(url) : undefined;
}
