import { isOpen, type Execution } from '../model/execution.js';
import type { Plan } from '../model/plan.js';
import { coverageOrder } from './coverage-order.js';
import { drawn } from './random.js';

export interface PlanOptions {
  readonly maxReads: number;
  readonly maxHistories: number;
  readonly select: 'coverage' | 'newest' | 'all';
  /** A whole number. The same seed draws the same sample. */
  readonly seed: number;
}

/**
 * One in four replays is drawn by chance from all running executions: only chance can say how many of the rest
 * may break. 250 of 1,000 without a break mean at most 1.2 %.
 */
const SAMPLED = 4;

/**
 * Chooses what to read under the budget, and in which order.
 *
 * `coverage` and `all`: `coverageOrder`, with an execution drawn by chance in every fourth place.
 * `newest` keeps the server's order: open first, newest first. `all` has no budget.
 */
export function planReplays(listed: readonly Execution[], options: PlanOptions): Plan {
  const { select, seed } = options;
  const isAll = select === 'all';
  const maxReads = isAll ? listed.length : Math.min(options.maxReads, listed.length);
  const maxReplays = Math.min(isAll ? listed.length : options.maxHistories, maxReads);
  if (select === 'newest') {
    return { reads: listed.slice(0, maxReplays), maxReplays, isInOrder: true, sampled: [] };
  }
  const running = [...listed.keys()].filter((position) => isOpen(listed[position] as Execution));
  const size = Math.ceil(Math.min(maxReplays, running.length) / SAMPLED);
  const positions = drawn(running, size, seed);
  const sampled = positions.map((position) => listed[position] as Execution);
  const reads = withSample(coverageOrder(listed), sampled).slice(0, maxReads);
  const plan = { reads, maxReplays, isInOrder: false, sampled };
  return positions.length === 0 ? plan : { ...plan, sample: { seed, positions } };
}

/** Every fourth place belongs to the sample. An execution that is in both stands where it comes first. */
function withSample(ordered: readonly Execution[], sample: readonly Execution[]): Execution[] {
  // Both come from one listing, so the same execution is the same object.
  const taken = new Set<Execution>();
  const result: Execution[] = [];
  const take = (execution: Execution): void => {
    if (taken.has(execution)) return;
    taken.add(execution);
    result.push(execution);
  };
  const rest = sample.values();
  for (const [index, execution] of ordered.entries()) {
    take(execution);
    if (index % (SAMPLED - 1) !== SAMPLED - 2) continue;
    const { value } = rest.next();
    if (value !== undefined) take(value);
  }
  for (const execution of rest) take(execution);
  return result;
}
