import type { ReplayWorkerOptions } from '@temporalio/worker';
import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Fatal } from '../common/fatal.js';
import type { Sdk } from './workspace-sdk.js';

/** What the user's module may set. We set the other options of the SDK. */
export type ReplayOptions = Partial<ReplayWorkerOptions>;

/** Loads the module of the input `replay-options`: its default export, or its `replayOptions`. */
export async function loadReplayOptions(
  path: string | undefined,
  sdk: Sdk,
): Promise<ReplayOptions> {
  if (path === undefined) return {};
  let options: unknown;
  try {
    const exported = /\.c?ts$/u.test(path)
      ? requireTypeScript(path, sdk)
      : // Without the comment, the bundler would make dist/ look for the module in itself.
        ((await import(/* webpackIgnore: true */ pathToFileURL(path).href)) as Exports);
    const chosen = choose(exported);
    options = typeof chosen === 'function' ? await (chosen as () => unknown)() : chosen;
  } catch (error) {
    throw new Fatal(
      `the module of replay-options cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
      'it runs without secrets and sees few variables: name the others that it needs in replay-env',
    );
  }
  if (!isObject(options)) {
    throw new Fatal(
      'the module of replay-options exports no options',
      'export an object with dataConverter, interceptors, bundlerOptions, sinks, … as its default',
    );
  }
  return options;
}

/** CommonJS in ESM, and TypeScript's interoperation, wrap the default export once more. */
function choose(exported: Record<string, unknown>): unknown {
  const candidates = [exported['replayOptions'], exported['default'], exported];
  const outer = candidates.find(
    (candidate) => isObject(candidate) || typeof candidate === 'function',
  );
  return isObject(outer) ? (outer['replayOptions'] ?? outer['default'] ?? outer) : outer;
}

type Exports = Record<string, unknown>;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The used part of swc, which every application has because the SDK depends on it. */
interface Swc {
  transformSync(source: string, options: object): { code: string };
}

interface CompilableModule {
  _compile(code: string, filename: string): void;
}

interface ModuleInternals {
  _extensions: Record<string, (module: CompilableModule, filename: string) => void>;
  _resolveFilename(request: string, ...rest: unknown[]): string;
}

/**
 * Loads a TypeScript module and its imports with the compiler of the SDK's own bundler. So no build step
 * is needed, and no other compiler decides what the code means.
 */
function requireTypeScript(path: string, sdk: Sdk): Record<string, unknown> {
  const swc = sdk.require('@swc/core') as Swc;
  const internals = Module as unknown as ModuleInternals;
  const compile = (module: CompilableModule, filename: string): void => {
    const { code } = swc.transformSync(readFileSync(filename, 'utf8'), {
      filename,
      configFile: false,
      swcrc: false,
      sourceMaps: 'inline',
      module: { type: 'commonjs' },
      jsc: { target: 'es2021', parser: { syntax: 'typescript', decorators: true } },
    });
    module._compile(code, filename);
  };
  internals._extensions['.ts'] = compile;
  internals._extensions['.cts'] = compile;
  // TypeScript files import each other by the names that they have once compiled.
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it gets its `this` by call() below
  const resolveFilename = internals._resolveFilename;
  internals._resolveFilename = function (request, ...rest) {
    try {
      return resolveFilename.call(this, request, ...rest);
    } catch (error) {
      if (!/^\.{1,2}\/.*\.js$/u.test(request)) throw error;
      return resolveFilename.call(this, request.replace(/\.js$/u, '.ts'), ...rest);
    }
  };
  return createRequire(path)(path) as Record<string, unknown>;
}
