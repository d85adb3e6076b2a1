import { isOpen, type Execution } from '../model/execution.js';
import type { Plan } from '../model/plan.js';

export interface PlanOptions {
  readonly maxHistories: number;
  readonly select: 'coverage' | 'newest' | 'all';
}

/**
 * Chooses what to read under the budget, and in which order.
 *
 * `coverage`: running before closed; within each, one of every stratum (workflow type, status, newest
 * build ID, group) in turn, newest and oldest of a stratum alternating, so that a budget that ends early has
 * seen every kind of execution. `newest` and `all` keep the server's order: open first, newest first.
 */
export function planReplays(listed: readonly Execution[], options: PlanOptions): Plan {
  const ordered =
    options.select === 'newest' || options.select === 'all' ? listed : coverageOrder(listed);
  const limit = options.select === 'all' ? ordered.length : options.maxHistories;
  return { chosen: ordered.slice(0, limit), leftOut: ordered.slice(limit) };
}

function coverageOrder(listed: readonly Execution[]): Execution[] {
  return [
    ...roundRobin(strata(listed.filter(isOpen))),
    ...roundRobin(strata(listed.filter((execution) => !isOpen(execution)))),
  ];
}

function strata(executions: readonly Execution[]): Execution[][] {
  const byStratum = new Map<string, Execution[]>();
  for (const execution of executions) {
    const key = JSON.stringify([
      execution.workflowType,
      execution.status,
      execution.buildIds.at(-1) ?? '',
      execution.group ?? '',
    ]);
    const stratum = byStratum.get(key);
    if (stratum === undefined) byStratum.set(key, [execution]);
    else stratum.push(execution);
  }
  return [...byStratum.values()].map(fromBothEnds);
}

/** First, last, second, last but one, … */
function fromBothEnds(executions: readonly Execution[]): Execution[] {
  return executions.map((_, index) => {
    const half = index >> 1;
    return executions[index % 2 === 0 ? half : executions.length - 1 - half] as Execution;
  });
}

function roundRobin(groups: readonly (readonly Execution[])[]): Execution[] {
  const result: Execution[] = [];
  const longest = groups.reduce((most, group) => Math.max(most, group.length), 0);
  for (let index = 0; index < longest; index += 1) {
    for (const group of groups) {
      const execution = group[index];
      if (execution !== undefined) result.push(execution);
    }
  }
  return result;
}
