import { createHash } from 'node:crypto';
import type { EventOutline } from './outline.js';
import { EventType } from './proto.js';

/** A loop with a longer body is not recognized as a loop. */
const MAX_LOOP_BODY = 16;

/**
 * The shape of a history: histories of one shape took the same way through the code.
 *
 * A shape is the sequence of what the code asked for and what it was told: the commands' events, and results,
 * signals and updates. Each has its name (activity type, signal name and so on), but no content and no ID. Workflow
 * tasks are no part of the shape, because their ends depend on the worker's speed. A sequence of up to 16 events
 * that is repeated at once counts once, so a loop has one shape, however often it ran.
 *
 * @returns 16 hexadecimal digits; they differ for histories of different workflow types
 */
export function shapeOf(events: readonly EventOutline[]): string {
  const started = events[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name ?? '';
  const steps = foldLoops(stepsOf(events));
  return createHash('sha256')
    .update(JSON.stringify([started, ...steps]))
    .digest('hex')
    .slice(0, 16);
}

function stepsOf(events: readonly EventOutline[]): string[] {
  // A result names its activity by the event that scheduled it.
  const names = new Map<string, string>();
  const steps: string[] = [];
  for (const event of events) {
    const type = event.eventType ?? EventType.EVENT_TYPE_UNSPECIFIED;
    if (IGNORED.has(type)) continue;
    const own = nameIn(event);
    if (own !== '') names.set(String(event.eventId), own);
    const scheduled = scheduledEventIdIn(event);
    const name = own !== '' ? own : (names.get(String(scheduled)) ?? '');
    steps.push(name === '' ? String(type) : `${type} ${name}`);
  }
  return steps;
}

/** Events that are no decision of the code and tell it nothing. */
const IGNORED: ReadonlySet<EventType> = new Set([
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
  EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED,
]);

/** Adds step after step. When the list ends with the same steps twice, one of the two copies is dropped. */
function foldLoops(steps: readonly string[]): string[] {
  const folded: string[] = [];
  for (const step of steps) {
    folded.push(step);
    for (let length = 1; length <= MAX_LOOP_BODY && 2 * length <= folded.length; length += 1) {
      if (!endsTwice(folded, length)) continue;
      folded.length -= length;
      break;
    }
  }
  return folded;
}

function endsTwice(list: readonly string[], length: number): boolean {
  for (let back = 1; back <= length; back += 1) {
    if (list[list.length - back] !== list[list.length - back - length]) return false;
  }
  return true;
}

function nameIn(event: EventOutline): string {
  return (
    event.activityTaskScheduledEventAttributes?.activityType?.name ??
    event.startChildWorkflowExecutionInitiatedEventAttributes?.workflowType?.name ??
    event.childWorkflowExecutionStartedEventAttributes?.workflowType?.name ??
    event.childWorkflowExecutionCompletedEventAttributes?.workflowType?.name ??
    event.childWorkflowExecutionFailedEventAttributes?.workflowType?.name ??
    event.childWorkflowExecutionCanceledEventAttributes?.workflowType?.name ??
    event.childWorkflowExecutionTimedOutEventAttributes?.workflowType?.name ??
    event.childWorkflowExecutionTerminatedEventAttributes?.workflowType?.name ??
    event.workflowExecutionSignaledEventAttributes?.signalName ??
    event.signalExternalWorkflowExecutionInitiatedEventAttributes?.signalName ??
    event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.name ??
    event.nexusOperationScheduledEventAttributes?.operation ??
    markerName(event) ??
    ''
  );
}

/** The marker's name, with the name of its patch or local activity where that can be read. */
function markerName(event: EventOutline): string | undefined {
  const marker = event.markerRecordedEventAttributes;
  if (marker == null) return undefined;
  const details = marker.details?.['patch-data'] ?? marker.details?.['data'];
  try {
    const { id, activity_type: activityType } = JSON.parse(
      Buffer.from(details?.payloads?.[0]?.data ?? []).toString('utf8'),
    ) as { id?: unknown; activity_type?: unknown };
    const name = [id, activityType].find((one) => typeof one === 'string') ?? '';
    return `${marker.markerName ?? ''} ${name}`;
  } catch {
    return marker.markerName ?? '';
  }
}

function scheduledEventIdIn(event: EventOutline): unknown {
  const attributes =
    event.activityTaskCompletedEventAttributes ??
    event.activityTaskFailedEventAttributes ??
    event.activityTaskTimedOutEventAttributes ??
    event.activityTaskCanceledEventAttributes ??
    event.activityTaskCancelRequestedEventAttributes ??
    event.nexusOperationCompletedEventAttributes ??
    event.nexusOperationFailedEventAttributes ??
    event.nexusOperationCanceledEventAttributes ??
    event.nexusOperationTimedOutEventAttributes;
  return attributes?.scheduledEventId;
}
