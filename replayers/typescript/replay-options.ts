import { Fatal } from '../common/fatal.js';
import { loadModule } from './load-module.js';
import { explainLoading } from './options-problem.js';
import type { ReplayOptions } from './plugins.js';
import { watchVariables } from './unset-variables.js';
import type { Sdk } from './workspace-sdk.js';

/** Loads the module of the input `replay-options`: its default export, or its `replayOptions`. */
export async function loadReplayOptions(
  path: string | undefined,
  sdk: Sdk,
): Promise<ReplayOptions> {
  if (path === undefined) return {};
  const watched = watchVariables();
  // So that a stack names the lines as they are written.
  process.setSourceMapsEnabled(true);
  let options: unknown;
  try {
    const chosen = choose(await loadModule(path, sdk));
    options = typeof chosen === 'function' ? await (chosen as () => unknown)() : chosen;
  } catch (error) {
    const { words, hint } = explainLoading(error, path, watched.unset());
    throw new Fatal(`the module of replay-options cannot be loaded: ${words}`, hint);
  } finally {
    process.setSourceMapsEnabled(false);
    watched.end();
  }
  if (!isObject(options)) {
    throw new Fatal(
      'the module of replay-options exports no options',
      'export an object with dataConverter, interceptors, plugins, bundlerOptions, sinks, … as its default',
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
