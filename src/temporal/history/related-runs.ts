import type { IHistoryEvent } from './proto.js';

/** Workflow IDs of the runs that a history names: the parent, the children, and the runs that it signals or cancels. */
export function* knownWorkflowIds(
  events: readonly IHistoryEvent[],
): Generator<readonly [runId: string, workflowId: string]> {
  for (const event of events) {
    const named = [
      event.workflowExecutionStartedEventAttributes?.parentWorkflowExecution,
      event.childWorkflowExecutionStartedEventAttributes?.workflowExecution,
      event.externalWorkflowExecutionSignaledEventAttributes?.workflowExecution,
      event.externalWorkflowExecutionCancelRequestedEventAttributes?.workflowExecution,
    ];
    for (const one of named) if (one?.runId && one.workflowId) yield [one.runId, one.workflowId];
  }
}

/** The runs of the same Workflow ID that a history names: earlier runs, and the next one. */
export function runsOfSameId(events: readonly IHistoryEvent[]): string[] {
  const started = events[0]?.workflowExecutionStartedEventAttributes;
  const last = events.at(-1);
  return [
    started?.originalExecutionRunId,
    started?.firstExecutionRunId,
    started?.continuedExecutionRunId,
    last?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId,
    last?.workflowExecutionCompletedEventAttributes?.newExecutionRunId,
    last?.workflowExecutionFailedEventAttributes?.newExecutionRunId,
    last?.workflowExecutionTimedOutEventAttributes?.newExecutionRunId,
  ].filter((runId): runId is string => Boolean(runId));
}
