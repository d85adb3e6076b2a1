import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Hooks from './module-hooks.js';
import type { Sdk } from './workspace-sdk.js';

type Exports = Record<string, unknown>;

/** In a file of its own: Node may load it once more, in the thread where it resolves imports. */
const HOOKS = pathToFileURL(join(import.meta.dirname, 'module-hooks.js')).href;

/** What `@types/node` of the oldest supported Node does not have. */
interface Registering {
  /** Newer releases have it, and run the hooks in this thread. */
  readonly registerHooks?: (hooks: Pick<typeof Hooks, 'resolve' | 'load'>) => void;
  readonly register: (specifier: string, options: { readonly data: Hooks.HookData }) => void;
}

/**
 * Loads a module of the application as its own tools would: TypeScript or JavaScript, CommonJS or an ES module,
 * with the path aliases of its tsconfig.json.
 */
export async function loadModule(path: string, sdk: Sdk): Promise<Exports> {
  const data = { swc: sdk.require.resolve('@swc/core'), allModules: false };
  // Without the comment, the bundler would make dist/ look for the module in itself.
  const hooks = (await import(/* webpackIgnore: true */ HOOKS)) as typeof Hooks;
  hooks.initialize(data);
  hooks.patchRequire(Module as unknown as Parameters<typeof Hooks.patchRequire>[0]);
  if (!/\.c?tsx?$/u.test(path) || hooks.isModule(path)) {
    register(hooks, data);
    return importModule(path);
  }
  try {
    return createRequire(path)(path) as Exports;
  } catch (error) {
    if (!needsModules(error)) throw error;
    const allModules = { ...data, allModules: true };
    hooks.initialize(allModules);
    register(hooks, allModules);
    return importModule(path);
  }
}

function register(hooks: typeof Hooks, data: Hooks.HookData): void {
  const { registerHooks, register: registerInThread } = Module as unknown as Registering;
  const { resolve, load } = hooks;
  if (registerHooks === undefined) registerInThread(HOOKS, { data });
  else registerHooks({ resolve, load });
}

async function importModule(path: string): Promise<Exports> {
  return (await import(/* webpackIgnore: true */ pathToFileURL(path).href)) as Exports;
}

/** Whether a file failed as CommonJS for what only ES modules may do. */
function needsModules(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return (
    code === 'ERR_REQUIRE_ESM' ||
    code === 'ERR_REQUIRE_ASYNC_MODULE' ||
    /await is only valid in async functions|import\.meta' outside a module/u.test(String(message))
  );
}
