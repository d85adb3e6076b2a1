import type { ReadyReplayer } from './replayers.js';

/** How often one history is replayed again, to see whether the code does the same each time. */
export interface Repeats {
  /** In the processes that there are. */
  readonly again: number;
  /** In further processes, once in each. */
  readonly others: number;
}

const NONE: Repeats = { again: 0, others: 0 };

/**
 * What chance decides, by language, and how often code is replayed again that holds something of the kind. A set of
 * two comes in one of two orders, so each replay with another seed halves what is missed.
 *
 * - Python: strings hash by a seed that a process keeps, objects by their address.
 * - Go: each range over a map and each `select` is ordered anew. A map of two is turned round in one of eight.
 * - Java: objects hash by a number that each gets once, `Set.of` and `Map.of` by one of the process.
 */
const SUSPECTED: Readonly<Record<string, Repeats>> = {
  python: { again: 2, others: 7 },
  go: { again: 60, others: 0 },
  java: { again: 12, others: 3 },
};

/** Where the replayer finds nothing of the kind, a library may still bring it. */
const UNSUSPECTED: Readonly<Record<string, Repeats>> = {
  python: { again: 1, others: 1 },
  go: { again: 10, others: 0 },
  java: { again: 2, others: 0 },
};

/** In any other language. */
const OTHERWISE: Repeats = { again: 4, others: 0 };

type Replayer = Pick<ReadyReplayer, 'language' | 'chance'>;

/** Of a history that breaks, to tell its cause. */
export function repeatsOfFailing({ language, chance = 'process' }: Replayer): Repeats {
  const { again, others } = (chance === 'none' ? UNSUSPECTED : SUSPECTED)[language] ?? OTHERWISE;
  return { again, others: chance === 'replay' ? 0 : others };
}

/**
 * Of a history that passes, or whose line is known because it throws. JavaScript leaves nothing to chance: maps and
 * sets keep their order, and the SDK gives the clock and random numbers.
 */
export function repeatsOfPassing(replayer: Replayer): Repeats {
  return replayer.language === 'typescript' ? NONE : repeatsOfFailing(replayer);
}
