import { EventType, type IHistoryEvent } from '../../../src/temporal/history/proto.js';

/** Timers that are longer wait for something else; nobody waits for them. */
const SHORT_TIMER_SECONDS = 60;

type What = 'at-rest' | 'closed' | 'under-way' | 'children-only';

/**
 * Whether an execution goes on by itself: an open workflow task, an activity, a short timer or a child
 * will still bring it further.
 *
 * `children-only`: nothing but children is open; one that waits for its parent waits for ever.
 */
export function whereItStands(events: readonly IHistoryEvent[]): What {
  const open = new Map<string, 'task' | 'child'>();
  let taskIsOpen = false;
  for (const event of events) {
    const id = String(event.eventId);
    // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- most events open and close nothing
    switch (event.eventType) {
      case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED:
      case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED:
      case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED:
      case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED:
      case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT:
      case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW:
        return 'closed';
      case EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED:
        taskIsOpen = true;
        break;
      case EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
        taskIsOpen = false;
        break;
      case EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
      case EventType.EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED:
      case EventType.EVENT_TYPE_REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED:
        open.set(id, 'task');
        break;
      case EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED:
        open.set(id, 'child');
        break;
      case EventType.EVENT_TYPE_TIMER_STARTED: {
        const seconds = event.timerStartedEventAttributes?.startToFireTimeout?.seconds;
        if (Number(seconds ?? 0) < SHORT_TIMER_SECONDS) open.set(id, 'task');
        break;
      }
      default:
        for (const closed of closedBy(event)) open.delete(closed);
    }
  }
  if (taskIsOpen) return 'under-way';
  if (open.size === 0) return 'at-rest';
  return [...open.values()].every((kind) => kind === 'child') ? 'children-only' : 'under-way';
}

/** Event IDs of what this event ends. */
function closedBy(event: IHistoryEvent): string[] {
  const ends = [
    event.activityTaskCompletedEventAttributes?.scheduledEventId,
    event.activityTaskFailedEventAttributes?.scheduledEventId,
    event.activityTaskTimedOutEventAttributes?.scheduledEventId,
    event.activityTaskCanceledEventAttributes?.scheduledEventId,
    event.timerFiredEventAttributes?.startedEventId,
    event.timerCanceledEventAttributes?.startedEventId,
    event.externalWorkflowExecutionSignaledEventAttributes?.initiatedEventId,
    event.signalExternalWorkflowExecutionFailedEventAttributes?.initiatedEventId,
    event.externalWorkflowExecutionCancelRequestedEventAttributes?.initiatedEventId,
    event.requestCancelExternalWorkflowExecutionFailedEventAttributes?.initiatedEventId,
    event.startChildWorkflowExecutionFailedEventAttributes?.initiatedEventId,
    event.childWorkflowExecutionCompletedEventAttributes?.initiatedEventId,
    event.childWorkflowExecutionFailedEventAttributes?.initiatedEventId,
    event.childWorkflowExecutionCanceledEventAttributes?.initiatedEventId,
    event.childWorkflowExecutionTerminatedEventAttributes?.initiatedEventId,
    event.childWorkflowExecutionTimedOutEventAttributes?.initiatedEventId,
  ];
  return ends.flatMap((id) => (id == null ? [] : [String(id)]));
}
