import type { History } from '../../model/history.js';
import { isNewerVersion } from '../../model/sdk-version.js';
import type { EventOutline } from './outline.js';
import { EventType, type IHistoryEvent } from './proto.js';
import { shapeOf } from './shape.js';
import { mayBeIgnored } from './unknown-events.js';
import { WholeHistory } from './whole-history.js';

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

/** The same for events that were not read as bytes. */
export function prepareEvents(events: readonly IHistoryEvent[]): History {
  return prepareHistory(WholeHistory.ofEvents(events));
}

/** The events as they go to a replayer, with what the parent needs to know about them. */
export function prepareHistory(history: WholeHistory): History {
  const kept = cutAfterLastCompletedTask(history.events);
  let completedTasks = 0;
  let sdkName: string | undefined;
  for (const event of kept) {
    const completed = event.workflowTaskCompletedEventAttributes;
    if (completed == null) continue;
    completedTasks += 1;
    sdkName = completed.sdkMetadata?.sdkName || sdkName;
  }
  const lastBuildId = lastBuildIdIn(kept);
  const sdkVersion = newestSdkVersion(kept);
  return {
    bytes: history.bytes(kept.length),
    eventCount: kept.length,
    completedTasks,
    shape: shapeOf(kept),
    ...(lastBuildId === undefined ? {} : { lastBuildId }),
    ...(sdkName === undefined ? {} : { sdkName }),
    ...(sdkVersion === undefined ? {} : { sdkVersion }),
  };
}

/** The newest release of the SDK that completed a workflow task; undefined where history does not say. */
export function newestSdkVersion(events: readonly EventOutline[]): string | undefined {
  let newest: string | undefined;
  for (const { workflowTaskCompletedEventAttributes: completed } of events) {
    // A worker writes its version only when it changes. After a roll-back, the newer version stays in history.
    const version = completed?.sdkMetadata?.sdkVersion;
    if (version && (newest === undefined || isNewerVersion(version, newest))) newest = version;
  }
  return newest;
}

/** The build of the last completed workflow task for which history names a build. */
export function lastBuildIdIn(events: readonly EventOutline[]): string | undefined {
  let last: string | undefined;
  for (const { workflowTaskCompletedEventAttributes: completed } of events) {
    if (completed != null) last = buildIdOf(completed) ?? last;
  }
  return last;
}

/** The build that completed a workflow task. Its place depends on the server's version and the kind of versioning. */
export function buildIdOf(
  completed: NonNullable<EventOutline['workflowTaskCompletedEventAttributes']>,
): string | undefined {
  return (
    completed.deploymentVersion?.buildId ||
    completed.deployment?.buildId ||
    completed.workerVersion?.buildId ||
    undefined
  );
}
