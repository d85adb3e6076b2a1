import { describe, it } from '@jest/globals';
import { note } from './notes.js';
import { isCi } from './tiers.js';
import type { MissingToolchain } from './toolchain.js';

/** What a test needs and a machine may lack. */
export type Needed = { readonly available: true } | MissingToolchain;

export const LINUX = given(process.platform === 'linux', 'it needs Linux');

/** @param reason why tests are skipped where it does not hold */
export function given(holds: boolean, reason: string): Needed {
  return holds ? { available: true } : { available: false, reason };
}

interface Registering {
  readonly describe: typeof describe;
  readonly it: typeof it;
  readonly test: typeof it;
}

/**
 * Registers tests that need something that this machine may lack. Where it does, they are counted as skipped and named
 * in the last lines of the run, with the reason. With `CI` set that is an error: a test that silently does not run is a
 * hole.
 *
 *     skipUnless(await findPythonSdk('1.35.0')).describe('workflows in Python', () => …)
 *
 * @throws Error with the reason, with `CI` set
 */
export function skipUnless(...needed: readonly Needed[]): Registering {
  const lacking = needed.find((one): one is MissingToolchain => !one.available);
  if (lacking === undefined) return { describe, it, test: it };
  if (isCi) throw new Error(`With CI set, no test may be skipped: ${lacking.reason}`);
  note('skipped', lacking.reason);
  const skipIt = it.skip as typeof it;
  return { describe: describe.skip as typeof describe, it: skipIt, test: skipIt };
}
