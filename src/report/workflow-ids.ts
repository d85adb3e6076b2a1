import { createHash } from 'node:crypto';
import type { Execution } from '../model/execution.js';

export type ShowWorkflowIds = 'true' | 'hash' | 'false';

/**
 * How reports name an execution. Workflow IDs often hold customers' numbers or addresses, and the
 * summary of a public repository is public.
 */
export function executionName(execution: Execution, show: ShowWorkflowIds): string {
  switch (show) {
    case 'true':
      return execution.unknownIds?.includes('runId') === true
        ? execution.workflowId
        : `${execution.workflowId} (run ${execution.runId})`;
    case 'hash':
      return `#${workflowIdHash(execution.workflowId)}`;
    case 'false':
      return 'an execution';
  }
}

/** Enough of a SHA-256 for somebody who may see the IDs to hash them and find the execution. */
export function workflowIdHash(workflowId: string): string {
  return createHash('sha256').update(workflowId).digest('hex').slice(0, 12);
}
