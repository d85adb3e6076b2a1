import type { Execution } from '../../src/model/execution.js';
import type { Outcome, OutcomeKind } from '../../src/model/outcome.js';
import { anExecution } from './executions.js';

export function anOutcome(
  kind: OutcomeKind,
  execution: Execution = anExecution(),
  changes: Partial<Pick<Outcome, 'message' | 'durationMs'>> = {},
): Outcome {
  return { execution, kind, ...changes };
}

/** One outcome of the same kind for each execution. */
export function outcomesFor(listed: readonly Execution[], kind: OutcomeKind): Outcome[] {
  return listed.map((execution) => anOutcome(kind, execution));
}
