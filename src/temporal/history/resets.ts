import type { EventOutline } from './outline.js';
import { EventType, type IHistoryEvent } from './proto.js';

/** Who terminates a running execution that is reset: the server itself, under this name. */
const RESETTER = 'history-resetter';

/** Whether a run ends because a reset took its place. One that was closed already does not show it. */
export function endsWithReset(events: readonly EventOutline[]): boolean {
  const last = events.at(-1)?.workflowExecutionTerminatedEventAttributes;
  return last?.identity === RESETTER;
}

/**
 * The run ID that the last reset in a history gave, undefined without one: a reset copies the events
 * of the base run, its ID in the first event among them.
 */
export function runIdOfReset(events: readonly IHistoryEvent[]): string | undefined {
  const reset = events.findLast(
    ({ eventType, workflowTaskFailedEventAttributes: failed }) =>
      eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED && Boolean(failed?.newRunId),
  );
  return reset?.workflowTaskFailedEventAttributes?.newRunId || undefined;
}
