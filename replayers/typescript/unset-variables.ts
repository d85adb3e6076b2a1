/* eslint-disable no-restricted-properties -- it watches who reads the environment, and reads nothing itself */
import { isUsersCall } from './stack.js';

export interface WatchedVariables {
  /**
   * Variables that code asked for and that are not set: those that the application's own code asked for, and
   * those that others did.
   */
  unset(): { readonly byApplication: readonly string[]; readonly byOthers: readonly string[] };
  end(): void;
}

/** Notes which variables code asks for in vain, because the replay process sees only few. */
export function watchVariables(): WatchedVariables {
  const before = process.env;
  const byApplication = new Set<string>();
  const byOthers = new Set<string>();
  const note = (name: string | symbol): void => {
    if (typeof name === 'symbol' || Object.hasOwn(before, name)) return;
    const whose = isUsersCall(new Error().stack) ? byApplication : byOthers;
    whose.add(name);
  };
  process.env = new Proxy(before, {
    get: (target, name) => {
      note(name);
      return Reflect.get(target, name) as unknown;
    },
    has: (target, name) => {
      note(name);
      return Reflect.has(target, name);
    },
  });
  return {
    unset: () => ({ byApplication: [...byApplication], byOthers: [...byOthers] }),
    end: () => {
      process.env = before;
    },
  };
}
