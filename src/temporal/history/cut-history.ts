import type { EventOutline } from './outline.js';
import { EventType } from './proto.js';
import { mayBeIgnored } from './unknown-events.js';

/** Events that a workflow task's commands leave behind, right after its completion. */
const COMMAND_EVENTS: ReadonlySet<EventType> = new Set([
  EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
  EventType.EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED,
  EventType.EVENT_TYPE_TIMER_STARTED,
  EventType.EVENT_TYPE_TIMER_CANCELED,
  EventType.EVENT_TYPE_MARKER_RECORDED,
  EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED,
  EventType.EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED,
  EventType.EVENT_TYPE_REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED,
  EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
  EventType.EVENT_TYPE_WORKFLOW_PROPERTIES_MODIFIED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_REJECTED,
  EventType.EVENT_TYPE_NEXUS_OPERATION_SCHEDULED,
  EventType.EVENT_TYPE_NEXUS_OPERATION_CANCEL_REQUESTED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW,
]);

export function isCommandEvent(event: EventOutline): boolean {
  return event.eventType != null && COMMAND_EVENTS.has(event.eventType);
}

/**
 * Cuts a history after its last completed workflow task and that task's command events.
 *
 * The events after that hold no decision of the workflow's code, so replay cannot check them. They can even do
 * harm: if a history ends within a workflow task, some SDKs miss a divergence that they find in the cut history.
 */
export function cutAfterLastCompletedTask<Event extends EventOutline>(
  events: readonly Event[],
): Event[] {
  let last = events.length - 1;
  while (last >= 0 && events[last]?.eventType !== EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED) {
    last -= 1;
  }
  if (last < 0) return [];
  let end = last + 1;
  for (
    let event = events[end];
    event !== undefined && (isCommandEvent(event) || mayBeIgnored(event));
  ) {
    end += 1;
    event = events[end];
  }
  return events.slice(0, end);
}
