import { setMaxListeners } from 'node:events';
import { abortWith } from './abort-with.js';
import { abortedAfter } from './aborted-after.js';

/** The time that a job may take for replaying, and for all that comes of it. */
export interface Deadline {
  /** One more claim has something to replay: with the first one the clock starts. */
  begin(): void;
  /** Aborted when the budget is used up, or the job is cancelled: no further history is taken. */
  readonly replays: AbortSignal;
  /** From when it is known what breaks: aborted when no more time may go to finding out why. */
  causes(): AbortSignal;
  /** From when that is known: aborted when no more time may go to what nobody needs for the verdict. */
  spare(): AbortSignal;
}

/**
 * Of the budget: what may be added to it to find out what breaks and where. A red check without a line helps
 * nobody, and replays may have taken all of the time; recording some histories of each kind takes seconds.
 */
const CAUSES_SHARE = 1 / 5;

/**
 * One deadline of a job.
 *
 * @param claims how many share it: each may look closer for its part of what is left, so that no other one lacks
 * the time to be replayed
 */
export function deadlineOf(budgetMs: number, cancelled: AbortSignal, claims = 1): Deadline {
  const over = new AbortController();
  // Each process that records listens.
  setMaxListeners(0, over.signal);
  abortWith(over, cancelled);
  let endsAtMs = Infinity;
  let begun = 0;
  const leftMs = (): number => Math.max(0, endsAtMs - performance.now());
  return {
    begin: () => {
      begun += 1;
      if (begun > 1) return;
      endsAtMs = performance.now() + budgetMs;
      abortWith(over, abortedAfter(budgetMs, cancelled));
    },
    replays: over.signal,
    causes: () => abortedAfter(leftMs() + budgetMs * CAUSES_SHARE, cancelled),
    spare: () => {
      const sharing = claims - begun + 1;
      if (over.signal.aborted || sharing <= 1) return over.signal;
      return abortedAfter(leftMs() / sharing, cancelled);
    },
  };
}
