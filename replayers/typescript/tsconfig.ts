import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import vm from 'node:vm';

/** What decides how a project's TypeScript is read: the used part of its tsconfig.json. */
export interface ProjectSettings {
  /** Absolute path of the file that names the aliases; undefined where there are none. */
  readonly aliasesIn?: string;
  /** Targets by pattern, as in `compilerOptions.paths`, absolute. */
  readonly aliases: Readonly<Record<string, readonly string[]>>;
  /** Absolute; names without a dot are looked up there too. */
  readonly baseUrl?: string;
  readonly experimentalDecorators: boolean;
  readonly emitDecoratorMetadata: boolean;
}

interface Written {
  readonly extends?: string | readonly string[];
  readonly compilerOptions?: {
    readonly paths?: Readonly<Record<string, readonly string[]>>;
    readonly baseUrl?: string;
    readonly experimentalDecorators?: boolean;
    readonly emitDecoratorMetadata?: boolean;
  };
}

const NONE: ProjectSettings = {
  aliases: {},
  experimentalDecorators: false,
  emitDecoratorMetadata: false,
};

const NAMES = ['tsconfig.json', 'jsconfig.json'] as const;

/** The settings of the project that a folder belongs to: those of the next tsconfig.json at or above it. */
export function projectSettings(folder: string): ProjectSettings {
  for (let at = folder; ; at = dirname(at)) {
    const found = NAMES.map((name) => join(at, name)).find((path) => existsSync(path));
    if (found !== undefined) return settingsIn(found, new Set());
    if (dirname(at) === at) return NONE;
  }
}

/** @param seen files that are being read: a file that extends itself says nothing more */
function settingsIn(path: string, seen: Set<string>): ProjectSettings {
  if (seen.has(path)) return NONE;
  const written = read(path);
  const folder = dirname(path);
  let settings = NONE;
  for (const name of [written.extends ?? []].flat()) {
    const base = extended(name, path);
    if (base !== undefined)
      settings = { ...settings, ...settingsIn(base, new Set([...seen, path])) };
  }
  const { paths, baseUrl, ...decorators } = written.compilerOptions ?? {};
  if (baseUrl !== undefined) settings = { ...settings, baseUrl: resolve(folder, baseUrl) };
  if (paths !== undefined) {
    // Targets are relative to baseUrl, and without it to the file that names them.
    const root = settings.baseUrl ?? folder;
    const absolute = Object.entries(paths).map(
      ([pattern, targets]) => [pattern, targets.map((target) => resolve(root, target))] as const,
    );
    settings = { ...settings, aliasesIn: path, aliases: Object.fromEntries(absolute) };
  }
  const { experimentalDecorators, emitDecoratorMetadata } = decorators;
  return {
    ...settings,
    ...(experimentalDecorators === undefined ? {} : { experimentalDecorators }),
    ...(emitDecoratorMetadata === undefined ? {} : { emitDecoratorMetadata }),
  };
}

/** The file is JSON with comments and commas, which JavaScript reads as an expression. */
function read(path: string): Written {
  try {
    const text = readFileSync(path, 'utf8').replace(/^\uFEFF/u, '');
    const value = vm.runInNewContext(`(${text}\n)`, {}, { timeout: 1_000 }) as unknown;
    // Its objects are of another context, where nothing but JSON is of use to us.
    return (JSON.parse(JSON.stringify(value)) ?? {}) as Written;
  } catch {
    // It is the compiler's to complain about.
    return {};
  }
}

function extended(name: string, from: string): string | undefined {
  if (/^(?:\.{1,2}(?:[\\/]|$)|[\\/]|[A-Za-z]:)/u.test(name)) {
    const path = resolve(dirname(from), name);
    return [path, `${path}.json`].find((candidate) => existsSync(candidate));
  }
  const require = createRequire(from);
  for (const candidate of [name, `${name}.json`, `${name}/tsconfig.json`]) {
    try {
      const path = require.resolve(candidate);
      if (path.endsWith('.json')) return path;
    } catch {
      // The package has no such file.
    }
  }
  return undefined;
}

/** Absolute paths that a name may mean by the project's aliases, the best first; empty where it is no alias. */
export function aliased(name: string, { aliases }: ProjectSettings): readonly string[] {
  const matches = Object.entries(aliases).flatMap(([pattern, targets]) => {
    const [before = '', after] = pattern.split('*');
    if (after === undefined) {
      return name === pattern ? [{ length: Infinity, paths: [...targets] }] : [];
    }
    const fits =
      name.startsWith(before) &&
      name.endsWith(after) &&
      name.length >= before.length + after.length;
    if (!fits) return [];
    const middle = name.slice(before.length, name.length - after.length);
    const paths = targets.map((target) => target.replace('*', () => middle));
    return [{ length: before.length, paths }];
  });
  // The pattern with the longest beginning counts alone, as in the compiler.
  const [best] = matches.sort((a, b) => b.length - a.length);
  return best?.paths ?? [];
}
