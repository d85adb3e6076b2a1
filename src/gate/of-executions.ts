import { executionKey } from '../model/coverage.js';
import type { Execution } from '../model/execution.js';
import type { Replayed } from './replayed.js';

/** The part of a replay that is about some of its executions, told of them as they are listed here. */
export function ofExecutions(replayed: Replayed, executions: readonly Execution[]): Replayed {
  const own = new Map(executions.map((execution) => [executionKey(execution), execution]));
  const find = (execution: Execution): Execution | undefined => own.get(executionKey(execution));
  const outcomes = replayed.outcomes.flatMap((outcome) => {
    const execution = find(outcome.execution);
    return execution === undefined ? [] : [{ ...outcome, execution }];
  });
  const causes = replayed.causes.flatMap((cause) => {
    const hit = cause.executions.flatMap((execution) => find(execution) ?? []);
    const [first] = hit;
    if (first === undefined) return [];
    return [
      {
        ...cause,
        executions: hit,
        example: { ...cause.example, execution: find(cause.example.execution) ?? first },
        divergingTasks: new Map(
          [...cause.divergingTasks].flatMap(([execution, task]) => {
            const known = find(execution);
            return known === undefined ? [] : [[known, task] as const];
          }),
        ),
      },
    ];
  });
  return { ...replayed, outcomes, causes };
}
