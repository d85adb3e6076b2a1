import { EventType, eventIdOf, eventTypeName, type IHistoryEvent } from './proto.js';
import type { HistoryCommand } from '../../engine/recorded-history.js';
import type { EventDescription } from '../../model/finding.js';
import { INTERNAL_PATCH_WORDS, isInternalPatch } from '../../model/internal-patch.js';
import { markerOf } from './markers.js';

/** A command that history holds, without its event. */
export type CommandOfEvent = Omit<HistoryCommand, 'event'>;

/**
 * The command that wrote this event. Undefined for events that no line of code asked for by itself, such as the
 * search attribute that comes with a patch marker.
 */
export function historyCommand(event: IHistoryEvent): CommandOfEvent | undefined {
  const of = (command: string, name: string | null | undefined, id?: string | null) => ({
    command,
    name: name ?? '',
    ...(id ? { id } : {}),
    optional: false,
  });
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- most events are no commands
  switch (event.eventType) {
    case EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED: {
      const attributes = event.activityTaskScheduledEventAttributes;
      return of('ScheduleActivityTask', attributes?.activityType?.name, attributes?.activityId);
    }
    case EventType.EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED:
      return of('RequestCancelActivityTask', '');
    case EventType.EVENT_TYPE_TIMER_STARTED:
      return of('StartTimer', '', event.timerStartedEventAttributes?.timerId);
    case EventType.EVENT_TYPE_TIMER_CANCELED:
      return of('CancelTimer', '', event.timerCanceledEventAttributes?.timerId);
    case EventType.EVENT_TYPE_MARKER_RECORDED:
      return markerCommand(event);
    case EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED: {
      const attributes = event.startChildWorkflowExecutionInitiatedEventAttributes;
      return of(
        'StartChildWorkflowExecution',
        attributes?.workflowType?.name,
        attributes?.workflowId,
      );
    }
    case EventType.EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED:
      return of(
        'SignalExternalWorkflowExecution',
        event.signalExternalWorkflowExecutionInitiatedEventAttributes?.signalName,
      );
    case EventType.EVENT_TYPE_REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED:
      return of('RequestCancelExternalWorkflowExecution', '');
    case EventType.EVENT_TYPE_NEXUS_OPERATION_SCHEDULED:
      return of('ScheduleNexusOperation', event.nexusOperationScheduledEventAttributes?.operation);
    case EventType.EVENT_TYPE_NEXUS_OPERATION_CANCEL_REQUESTED:
      return of('RequestCancelNexusOperation', '');
    case EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES: {
      const fields =
        event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields ?? {};
      const names = Object.keys(fields);
      return names.length === 1 && names[0] === 'TemporalChangeVersion'
        ? undefined
        : of('UpsertWorkflowSearchAttributes', '');
    }
    case EventType.EVENT_TYPE_WORKFLOW_PROPERTIES_MODIFIED:
      return of('ModifyWorkflowProperties', '');
    case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
      return of(
        'UpdateResponse',
        'accepted',
        event.workflowExecutionUpdateAcceptedEventAttributes?.protocolInstanceId,
      );
    case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED:
      return of('UpdateResponse', 'completed');
    case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED:
      return of('CompleteWorkflowExecution', '');
    case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED:
      return of('FailWorkflowExecution', '');
    case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED:
      return of('CancelWorkflowExecution', '');
    case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW:
      return of(
        'ContinueAsNewWorkflowExecution',
        event.workflowExecutionContinuedAsNewEventAttributes?.workflowType?.name,
      );
    default:
      return undefined;
  }
}

function markerCommand(event: IHistoryEvent): CommandOfEvent | undefined {
  const marker = markerOf(event);
  switch (marker?.kind) {
    case 'patch':
      return {
        command: 'SetPatchMarker',
        name: marker.id,
        optional: marker.optional,
        ...(marker.isVersion === true ? { isVersion: true } : {}),
      };
    case 'side-effect':
      return { command: 'RecordMarker', name: 'SideEffect', optional: false };
    case 'mutable-side-effect':
      return {
        command: 'RecordMarker',
        name: marker.id === '' ? '' : `MutableSideEffect ${marker.id}`,
        optional: false,
        writes: 'what-changed',
      };
    case 'local-activity':
      return {
        command: 'ScheduleLocalActivity',
        name: marker.activityType,
        ...(marker.activityId === undefined ? {} : { id: marker.activityId }),
        optional: false,
        writes: marker.isRetried === true ? 'when-tried' : 'when-ended',
      };
    case 'other':
    case undefined:
      return undefined;
  }
}

/** The name of the update that was accepted, where the event says so. */
export function updateNameOf(event: IHistoryEvent): string | undefined {
  return (
    event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.name ?? undefined
  );
}

/** Activities with which the Go SDK begins and ends a session. The code names none of them. */
const SESSION_WORDS: Readonly<Partial<Record<string, string>>> = {
  internalSessionCreationActivity: 'the start of a session (workflow.CreateSession)',
  internalSessionCompletionActivity: 'the end of a session (workflow.CompleteSession)',
};

/** A command in words: "activity chargeCard", "a timer". The name is untrusted. */
export function commandWords(command: { readonly command: string; readonly name: string }): string {
  const { name } = command;
  switch (command.command) {
    case 'ScheduleActivityTask':
      return SESSION_WORDS[name] ?? `activity ${name}`;
    case 'ScheduleLocalActivity':
      return name === '' ? 'a local activity' : `local activity ${name}`;
    case 'StartTimer':
      return 'a timer';
    case 'CancelTimer':
      return "a timer's cancellation";
    case 'RequestCancelActivityTask':
      return "an activity's cancellation";
    case 'StartChildWorkflowExecution':
      return `child workflow ${name}`;
    case 'CancelChildWorkflowExecution':
      return "a child workflow's cancellation";
    case 'SignalExternalWorkflowExecution':
      return `signal ${name} to another workflow`;
    case 'RequestCancelExternalWorkflowExecution':
      return "another workflow's cancellation";
    case 'ScheduleNexusOperation':
      return `Nexus operation ${name}`;
    case 'RequestCancelNexusOperation':
      return "a Nexus operation's cancellation";
    case 'SetPatchMarker':
      return isInternalPatch(name) ? INTERNAL_PATCH_WORDS : `patch ${name}`;
    case 'RecordMarker':
      return `marker ${name || 'MutableSideEffect'}`;
    case 'UpsertWorkflowSearchAttributes':
      return 'an upsert of search attributes';
    case 'ModifyWorkflowProperties':
      return 'an upsert of the memo';
    case 'UpdateResponse':
      return name === 'accepted' ? "an update's acceptance" : "an update's completion";
    case 'CompleteWorkflowExecution':
      return "the workflow's completion";
    case 'FailWorkflowExecution':
      return "the workflow's failure";
    case 'CancelWorkflowExecution':
      return "the workflow's cancellation";
    case 'ContinueAsNewWorkflowExecution':
      return `continue-as-new${name === '' ? '' : ` of ${name}`}`;
    default:
      return command.command;
  }
}

export function describeEvent(event: IHistoryEvent): EventDescription {
  const command = historyCommand(event);
  const type = eventTypeName(event.eventType);
  return {
    eventId: eventIdOf(event),
    type,
    words: command === undefined ? eventWords(event, type) : commandWords(command),
  };
}

/** Words for events that are no commands: an error can name them. */
function eventWords(event: IHistoryEvent, type: string): string {
  const signal = event.workflowExecutionSignaledEventAttributes?.signalName;
  if (signal) return `signal ${signal}`;
  const marker = event.markerRecordedEventAttributes?.markerName;
  if (marker) return `marker ${marker}`;
  return type.replace(/(?<=[a-z])(?=[A-Z])/gu, ' ').toLowerCase();
}
