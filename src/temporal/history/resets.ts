import type { EventOutline } from './outline.js';
import { EventType, type IHistoryEvent } from './proto.js';

/** When a running execution is reset, the server terminates it under this name. */
const RESETTER = 'history-resetter';

/** Whether a reset ended this run. A run that was closed before its reset does not show it. */
export function endsWithReset(events: readonly EventOutline[]): boolean {
  const last = events.at(-1)?.workflowExecutionTerminatedEventAttributes;
  return last?.identity === RESETTER;
}

/**
 * The run ID that the last reset in a history gave; undefined without a reset. The first event cannot tell it:
 * a reset copies the events of the base run, so the first event holds the base run's ID.
 */
export function runIdOfReset(events: readonly IHistoryEvent[]): string | undefined {
  const reset = events.findLast(
    ({ eventType, workflowTaskFailedEventAttributes: failed }) =>
      eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED && Boolean(failed?.newRunId),
  );
  return reset?.workflowTaskFailedEventAttributes?.newRunId || undefined;
}
