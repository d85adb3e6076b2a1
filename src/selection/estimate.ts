import { executionKey } from '../model/coverage.js';
import type { Estimate } from '../model/estimate.js';
import { isOpen, type Execution } from '../model/execution.js';
import { isBreak, type Outcome } from '../model/outcome.js';
import type { Sample } from '../model/plan.js';
import { upperBound } from '../model/upper-bound.js';

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
