import type { EventOutline } from './outline.js';
import { EventType, eventTypeName } from './proto.js';

/** For each of these events, the workflow task event that must be the last one before it. */
const NEEDED_BEFORE: ReadonlyMap<EventType, EventType> = new Map([
  [EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED, EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED],
  [EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED, EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED],
]);

const TASK_EVENTS: ReadonlySet<EventType> = new Set([
  EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
]);

/**
 * Says where a workflow task starts without being scheduled, or completes without being started. Undefined where
 * there is no such place. No server writes such a history, and the SDK would wait for ever for the missing event.
 */
export function misplacedTask(events: readonly EventOutline[]): string | undefined {
  let last: EventType | undefined;
  for (const { eventId, eventType } of events) {
    if (eventType == null || !TASK_EVENTS.has(eventType)) continue;
    const needed = NEEDED_BEFORE.get(eventType);
    if (needed !== undefined && last !== needed) {
      return `event ${String(eventId)} is ${eventTypeName(eventType)} without ${eventTypeName(needed)} before it`;
    }
    last = eventType;
  }
  return undefined;
}
