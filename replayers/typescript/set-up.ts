import { relative } from 'node:path';
import { Fatal } from '../common/fatal.js';
import { configured } from './plugins.js';
import type { ReplayOptions } from './plugins.js';
import { namedModule, usualModule, type WorkflowModule } from './workflows-path.js';

export interface SetUp {
  readonly options: ReplayOptions;
  /** Undefined where there is a ready bundle. */
  readonly module: WorkflowModule | undefined;
}

/**
 * The options of the replay worker, and the module with the workflows. Each needs the other: the options can
 * name the module, and plugins ask whether there is one.
 *
 * @param input the input `workflows`
 */
export async function setUp(
  given: ReplayOptions,
  folder: string,
  input: string | undefined,
): Promise<SetUp> {
  if (given.workflowBundle !== undefined)
    return { options: await configured(given), module: undefined };
  const named = namedModule(folder, input, given.workflowsPath);
  const usual = named ?? attempt(() => usualModule(folder));
  const before = usual instanceof Fatal ? undefined : usual;
  const options = await configured({
    ...given,
    ...(before === undefined ? {} : { workflowsPath: before.path }),
  });
  if (options.workflowBundle !== undefined) return { options, module: undefined };
  const { workflowsPath } = options;
  if (input === undefined && workflowsPath !== undefined && workflowsPath !== before?.path) {
    const module = namedModule(folder, undefined, workflowsPath);
    return {
      options,
      module: module && { ...module, because: 'a plugin of replay-options names it' },
    };
  }
  if (usual instanceof Fatal) throw usual;
  return { options, module: usual };
}

/** What was taken, for the log. */
export function taken({ module }: SetUp, folder: string): { what: string; because: string } {
  return module === undefined
    ? { what: 'a ready bundle', because: 'replay-options brings it' }
    : { what: relative(folder, module.path), because: module.because };
}

function attempt<Value>(find: () => Value): Value | Fatal {
  try {
    return find();
  } catch (error) {
    if (error instanceof Fatal) return error;
    throw error;
  }
}
