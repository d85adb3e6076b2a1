import { isTrusting } from './tiers.js';

/** Sets where the long proofs begin to choose their cases, to repeat a run of `npm run trust`. */
const SEED = 'REPLAY_ACTION_SEED';

/**
 * The seed of a proof that tries cases at random. The same for each `npm test`, so that a change is what
 * makes it fail; another one for each `npm run trust`, so that more is tried over time.
 */
export function firstSeed(): number {
  const chosen = process.env[SEED];
  if (chosen !== undefined) return Number(chosen);
  return isTrusting ? Date.now() % 2 ** 31 : 1;
}

/** How to try again what failed. */
export function repeatWords(seed: number): string {
  return `seed ${seed}: ${SEED}=${seed}`;
}
