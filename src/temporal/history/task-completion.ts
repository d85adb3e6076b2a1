import type { TaskCompletion } from '../../engine/recorded-history.js';
import { buildIdOf } from './prepare-history.js';
import { EventType, eventIdOf, type IHistoryEvent } from './proto.js';

/** The commands that close an execution. A termination and a time-out are the server's. */
const CLOSING: ReadonlySet<EventType> = new Set([
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW,
]);

/** The completion of this event's workflow task. Without an event, only the build of the last one. */
export function taskCompletionAt(
  events: readonly IHistoryEvent[],
  eventId: number | undefined,
): TaskCompletion {
  let buildId: string | undefined;
  let at = -1;
  for (const [index, event] of events.entries()) {
    if (eventId !== undefined && eventIdOf(event) > eventId) break;
    const completed = event.workflowTaskCompletedEventAttributes;
    if (completed == null) continue;
    buildId = buildIdOf(completed);
    at = index;
  }
  const build = buildId === undefined ? {} : { buildId };
  const completion = events[at];
  if (eventId === undefined || completion === undefined) return build;
  const completedTime = timeOf(completion);
  return {
    ...build,
    ...(completedTime === undefined ? {} : { completedTime }),
    ...(closesAfter(events, at) ? { closes: true } : {}),
  };
}

/** Whether the task that this event completes closes the execution: the commands' events follow it at once. */
function closesAfter(events: readonly IHistoryEvent[], completed: number): boolean {
  for (const { eventType } of events.slice(completed + 1)) {
    if (eventType == null || eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED)
      return false;
    if (CLOSING.has(eventType)) return true;
  }
  return false;
}

function timeOf({ eventTime }: IHistoryEvent): string | undefined {
  if (eventTime == null) return undefined;
  const ms = Number(eventTime.seconds ?? 0) * 1000 + (eventTime.nanos ?? 0) / 1e6;
  return new Date(ms).toISOString();
}
