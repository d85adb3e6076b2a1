import { executionKey } from '../model/coverage.js';
import type { Estimate } from '../model/estimate.js';
import { isOpen, type Execution } from '../model/execution.js';
import { isBreak, type Outcome } from '../model/outcome.js';
import type { Sample } from '../model/plan.js';

const CONFIDENCE = 0.95;

/**
 * The largest share of running executions that can be affected. Only executions that were drawn by chance
 * count: chosen ones say nothing about the rest.
 *
 * A run that ends early has seen the beginning of the sample, which is a sample too. An execution that could
 * not be judged counts as affected. One that vanished or has nothing to replay yet counts as not drawn.
 *
 * @returns undefined where every running execution was replayed, where the listing was cut, or without a sample
 */
export function estimateAffected(
  listing: { readonly executions: readonly Execution[]; readonly truncated: boolean },
  outcomes: readonly Outcome[],
  sample: Sample | undefined,
): Estimate | undefined {
  if (sample === undefined || listing.truncated) return undefined;
  const outcomeOf = new Map(
    outcomes.map((outcome) => [executionKey(outcome.execution), outcome] as const),
  );
  const running = listing.executions.filter(isOpen);
  if (running.every((execution) => outcomeOf.has(executionKey(execution)))) return undefined;
  let sampled = 0;
  let affected = 0;
  for (const position of sample.positions) {
    const execution = listing.executions[position];
    const outcome = execution && outcomeOf.get(executionKey(execution));
    if (outcome === undefined) break;
    if (outcome.kind === 'gone' || outcome.kind === 'skipped') continue;
    sampled += 1;
    if (isBreak(outcome) || outcome.kind === 'errored') affected += 1;
  }
  if (sampled === 0) return undefined;
  return {
    running: running.length,
    sampled,
    affected,
    atMost: upperBound(affected, sampled, CONFIDENCE),
    confidence: CONFIDENCE,
    seed: sample.seed,
  };
}

/**
 * The largest share at which a sample still has so few affected executions with a probability of
 * 1 - `confidence` (Clopper and Pearson, exact and one-sided). The sample is drawn without replacement, so the
 * true bound is even smaller.
 */
export function upperBound(affected: number, sampled: number, confidence: number): number {
  if (affected >= sampled) return 1;
  const alpha = 1 - confidence;
  if (affected === 0) return 1 - alpha ** (1 / sampled);
  let low = affected / sampled;
  let high = 1;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (atMostProbability(affected, sampled, middle) > alpha) low = middle;
    else high = middle;
  }
  return high;
}

/** The probability of at most `successes` of `trials`, each with `share`. */
function atMostProbability(successes: number, trials: number, share: number): number {
  // In logarithms: with a thousand trials, single terms are too small for a number.
  let logTerm = trials * Math.log1p(-share);
  let sum = Math.exp(logTerm);
  for (let count = 1; count <= successes; count += 1) {
    logTerm += Math.log((trials - count + 1) / count) + Math.log(share) - Math.log1p(-share);
    sum += Math.exp(logTerm);
  }
  return sum;
}
