import type { Execution } from '../../src/model/execution.js';
import { anExecution } from './executions.js';

/** Executions from words like `A running v1`, named by their place. */
export function listing(...words: string[]): Execution[] {
  return words.map((word, index) => {
    const [workflowType = '', status = '', build] = word.split(' ');
    return anExecution({
      workflowId: String(index),
      workflowType,
      status: status === 'running' ? 'Running' : status === 'paused' ? 'Paused' : 'Completed',
      buildIds: build === undefined ? [] : [build],
    });
  });
}
