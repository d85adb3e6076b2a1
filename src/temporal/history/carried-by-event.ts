import { markerOf } from './markers.js';
import type { IHistoryEvent } from './proto.js';
import { CarriedFields, type Carried } from '../../replay/carried.js';

/**
 * What the command of this event carried, in the same form as a replayer's `carries`. Undefined where the
 * command carries nothing that is compared.
 */
export function carriedByEvent(event: IHistoryEvent): Carried | undefined {
  return fieldsOf(event)?.done();
}

function fieldsOf(event: IHistoryEvent): CarriedFields | undefined {
  const activity = event.activityTaskScheduledEventAttributes;
  if (activity != null) {
    return new CarriedFields()
      .payloads('argument', activity.input?.payloads)
      .value('taskQueue', activity.taskQueue?.name)
      .duration('scheduleToCloseTimeout', activity.scheduleToCloseTimeout)
      .duration('scheduleToStartTimeout', activity.scheduleToStartTimeout)
      .duration('startToCloseTimeout', activity.startToCloseTimeout)
      .duration('heartbeatTimeout', activity.heartbeatTimeout)
      .retryPolicy(activity.retryPolicy)
      .priority(activity.priority);
  }
  const timer = event.timerStartedEventAttributes;
  if (timer != null) {
    return new CarriedFields().duration('startToFireTimeout', timer.startToFireTimeout);
  }
  const child = event.startChildWorkflowExecutionInitiatedEventAttributes;
  if (child != null) {
    return new CarriedFields()
      .payloads('argument', child.input?.payloads)
      .value('taskQueue', child.taskQueue?.name)
      .duration('workflowExecutionTimeout', child.workflowExecutionTimeout)
      .duration('workflowRunTimeout', child.workflowRunTimeout)
      .duration('workflowTaskTimeout', child.workflowTaskTimeout)
      .parentClosePolicy(child.parentClosePolicy)
      .workflowIdReusePolicy(child.workflowIdReusePolicy)
      .retryPolicy(child.retryPolicy)
      .value('cronSchedule', child.cronSchedule)
      .payloadMap('memo', child.memo?.fields)
      .payloadMap('search attribute', child.searchAttributes?.indexedFields)
      .priority(child.priority);
  }
  const signal = event.signalExternalWorkflowExecutionInitiatedEventAttributes;
  if (signal != null) {
    return new CarriedFields()
      .payloads('argument', signal.input?.payloads)
      .text('target Workflow ID', signal.workflowExecution?.workflowId);
  }
  const cancel = event.requestCancelExternalWorkflowExecutionInitiatedEventAttributes;
  if (cancel != null) {
    return new CarriedFields().text('target Workflow ID', cancel.workflowExecution?.workflowId);
  }
  const nexus = event.nexusOperationScheduledEventAttributes;
  if (nexus != null) {
    return new CarriedFields()
      .payload('input', nexus.input)
      .value('endpoint', nexus.endpoint)
      .value('service', nexus.service)
      .duration('scheduleToCloseTimeout', nexus.scheduleToCloseTimeout)
      .duration('scheduleToStartTimeout', nexus.scheduleToStartTimeout)
      .duration('startToCloseTimeout', nexus.startToCloseTimeout);
  }
  return fieldsOfSmallOnes(event) ?? fieldsOfEnd(event) ?? fieldsOfMarker(event);
}

/** Only some markers of local activities hold the arguments. */
function fieldsOfMarker(event: IHistoryEvent): CarriedFields | undefined {
  const input = event.markerRecordedEventAttributes?.details?.['input'];
  return input == null || markerOf(event)?.kind !== 'local-activity'
    ? undefined
    : new CarriedFields().payloads('argument', input.payloads);
}

function fieldsOfSmallOnes(event: IHistoryEvent): CarriedFields | undefined {
  const upsert = event.upsertWorkflowSearchAttributesEventAttributes;
  if (upsert != null) {
    return new CarriedFields().payloadMap(
      'search attribute',
      upsert.searchAttributes?.indexedFields,
    );
  }
  const memo = event.workflowPropertiesModifiedEventAttributes;
  if (memo != null) return new CarriedFields().payloadMap('memo', memo.upsertedMemo?.fields);
  const outcome = event.workflowExecutionUpdateCompletedEventAttributes?.outcome;
  if (outcome != null) {
    return new CarriedFields()
      .payload('result', outcome.success?.payloads?.[0])
      .failure(outcome.failure);
  }
  return undefined;
}

function fieldsOfEnd(event: IHistoryEvent): CarriedFields | undefined {
  const completed = event.workflowExecutionCompletedEventAttributes;
  if (completed != null) {
    return new CarriedFields().payload('result', completed.result?.payloads?.[0]);
  }
  const failed = event.workflowExecutionFailedEventAttributes;
  if (failed != null) return new CarriedFields().failure(failed.failure);
  const continued = event.workflowExecutionContinuedAsNewEventAttributes;
  if (continued != null) {
    return new CarriedFields()
      .payloads('argument', continued.input?.payloads)
      .value('taskQueue', continued.taskQueue?.name)
      .duration('workflowRunTimeout', continued.workflowRunTimeout)
      .duration('workflowTaskTimeout', continued.workflowTaskTimeout)
      .duration('backoffStartInterval', continued.backoffStartInterval)
      .payloadMap('memo', continued.memo?.fields)
      .payloadMap('search attribute', continued.searchAttributes?.indexedFields);
  }
  return undefined;
}
