import { note } from './notes.js';

/**
 * How far a test run goes; each tier holds those before it.
 *
 * - `fast`: `npm test` on a person's machine, minutes
 * - `middle`: with `CI` set; every language, every server and Node that is supported
 * - `trust`: `npm run trust`; the long proofs
 *
 * A test file is in the fast tier unless it begins with a comment as `@tier middle`; of a part of a file says it
 * `inTier`.
 */
export const TIERS = ['fast', 'middle', 'trust'] as const;
export type Tier = (typeof TIERS)[number];

/** Set by `npm run trust`. */
const TRUST = 'REPLAY_ACTION_TRUST';

/** Whether this is CI: there a test that cannot run is an error. */
export const isCi = ![undefined, '', 'false'].includes(process.env['CI']);

export const tierOfRun: Tier =
  process.env[TRUST] !== undefined ? 'trust' : isCi ? 'middle' : 'fast';

/** Whether this run goes as far as this tier. */
export function reaches(tier: Tier, run = tierOfRun): boolean {
  return TIERS.indexOf(run) >= TIERS.indexOf(tier);
}

/** For proofs that try the more cases, the more time there is. */
export const isTrusting = reaches('trust');

/** Of something that each tier has more of, what this run has. */
export function share<Value>(of: Readonly<Record<Tier, Value>>): Value {
  return of[tierOfRun];
}

/**
 * Registers a part of a test file where the run goes that far. Elsewhere it is no test at all, is not counted as
 * skipped, and is named at the end of the run.
 *
 * @param what the part, in a few words
 */
export function inTier<Result>(
  tier: Tier,
  what: string,
  register: () => Result,
): Result | undefined {
  if (reaches(tier)) return register();
  note('not in this tier', `${what} (${COMMANDS[tier]})`);
  return undefined;
}

/** What runs a tier. */
export const COMMANDS: Readonly<Record<Tier, string>> = {
  fast: 'npm test',
  middle: 'CI=true npm test',
  trust: 'npm run trust',
};

/**
 * The tier that a test file says it is in.
 *
 * @throws Error where it names none that there is
 */
export function tierOf(source: string): Tier {
  const named = /^\/\*\*[^/]*?@tier\s+(\S+)/u.exec(source)?.[1];
  if (named === undefined) return 'fast';
  const tier = TIERS.find((one) => one === named);
  if (tier === undefined) throw new Error(`there is no tier ${named}, but ${TIERS.join(', ')}`);
  return tier;
}
