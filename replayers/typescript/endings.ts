import type { ResultMessage } from '../../src/replay/protocol.js';
import { parseTaskFailure } from './failed-task.js';

/** How Core names the errors of its state machines. A real worker fails the workflow task with the same text. */
const OF_MACHINES = /Fatal error in workflow machines|Nondeterminism error/u;

/** State machines that refuse a history for what it is: no code can have brought that about. */
const HISTORY_AT_FAULT = new RegExp(
  [
    'attributes were unset|missing attributes|did not have appropriate attributes|unparsable',
    'Event type is unspecified|History is out of order|after workflow execution was terminated',
    'must contain timestamp|timestamp was inconvertible|missing a well formed task timeout',
    'Not exactly one payload|had no workflow_execution field|must contain an event sequencing id',
    'is not a non-stateful event|Invalid StartChildWorkflowExecutionFailedCause|Core SDK bug|Query expired',
  ].join('|'),
  'u',
);

/**
 * What it means that SDK Core ended a replay for another reason than non-determinism or a failed workflow task, by
 * the text of the SDK's `ReplayError`. docs/internals/replay-endings.md has the table of all reasons.
 */
export function endingOf(text: string): Pick<ResultMessage, 'outcome' | 'message'> {
  const message = parseTaskFailure(text)?.message ?? text;
  const isBreak = OF_MACHINES.test(message) && !HISTORY_AT_FAULT.test(message);
  return { outcome: isBreak ? 'nondeterministic' : 'errored', message };
}
