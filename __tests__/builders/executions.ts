import type { Execution } from '../../src/model/execution.js';

let built = 0;

/** A running execution of `orderWorkflow`, distinct from every other one that was built. */
export function anExecution(changes: Partial<Execution> = {}): Execution {
  built += 1;
  return {
    workflowId: `order-${built}`,
    runId: `run-${built}`,
    workflowType: 'orderWorkflow',
    taskQueue: 'orders',
    status: 'Running',
    buildIds: ['v1.0'],
    ...changes,
  };
}

export function aClosedExecution(changes: Partial<Execution> = {}): Execution {
  return anExecution({ status: 'Completed', ...changes });
}

export function executions(count: number, changes: Partial<Execution> = {}): Execution[] {
  return Array.from({ length: count }, () => anExecution(changes));
}
