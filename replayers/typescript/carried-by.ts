import type { coresdk } from '@temporalio/proto';
import { CarriedFields, type Carried } from '../../src/replay/carried.js';

type Commands = coresdk.workflow_commands.IWorkflowCommand;
type Carrier<Variant extends keyof Commands> = (
  fields: NonNullable<Commands[Variant]>,
) => CarriedFields;

/** By SDK Core's variant. The others carry nothing that history holds. */
const CARRIERS: { readonly [Variant in keyof Commands]?: Carrier<Variant> } = {
  startTimer: ({ startToFireTimeout }) =>
    new CarriedFields().duration('startToFireTimeout', startToFireTimeout),
  scheduleActivity: (fields) =>
    new CarriedFields()
      .payloads('argument', fields.arguments)
      .value('taskQueue', fields.taskQueue)
      .duration('scheduleToCloseTimeout', fields.scheduleToCloseTimeout)
      .duration('scheduleToStartTimeout', fields.scheduleToStartTimeout)
      .duration('startToCloseTimeout', fields.startToCloseTimeout)
      .duration('heartbeatTimeout', fields.heartbeatTimeout)
      .retryPolicy(fields.retryPolicy)
      .priority(fields.priority),
  scheduleLocalActivity: (fields) => new CarriedFields().payloads('argument', fields.arguments),
  startChildWorkflowExecution: (fields) =>
    new CarriedFields()
      .payloads('argument', fields.input)
      .value('taskQueue', fields.taskQueue)
      .duration('workflowExecutionTimeout', fields.workflowExecutionTimeout)
      .duration('workflowRunTimeout', fields.workflowRunTimeout)
      .duration('workflowTaskTimeout', fields.workflowTaskTimeout)
      .parentClosePolicy(fields.parentClosePolicy)
      .workflowIdReusePolicy(fields.workflowIdReusePolicy)
      .retryPolicy(fields.retryPolicy)
      .value('cronSchedule', fields.cronSchedule)
      .payloadMap('memo', fields.memo)
      .payloadMap('search attribute', indexed(fields.searchAttributes))
      .priority(fields.priority),
  signalExternalWorkflowExecution: (fields) =>
    new CarriedFields()
      .payloads('argument', fields.args)
      .text('target Workflow ID', fields.workflowExecution?.workflowId ?? fields.childWorkflowId),
  requestCancelExternalWorkflowExecution: ({ workflowExecution }) =>
    new CarriedFields().text('target Workflow ID', workflowExecution?.workflowId),
  scheduleNexusOperation: (fields) =>
    new CarriedFields()
      .payload('input', fields.input)
      .value('endpoint', fields.endpoint)
      .value('service', fields.service)
      .duration('scheduleToCloseTimeout', fields.scheduleToCloseTimeout)
      .duration('scheduleToStartTimeout', fields.scheduleToStartTimeout)
      .duration('startToCloseTimeout', fields.startToCloseTimeout),
  upsertWorkflowSearchAttributes: ({ searchAttributes }) =>
    new CarriedFields().payloadMap('search attribute', indexed(searchAttributes)),
  modifyWorkflowProperties: ({ upsertedMemo }) =>
    new CarriedFields().payloadMap('memo', upsertedMemo?.fields),
  updateResponse: ({ completed, rejected }) =>
    new CarriedFields().payload('result', completed).failure(rejected),
  completeWorkflowExecution: ({ result }) => new CarriedFields().payload('result', result),
  failWorkflowExecution: ({ failure }) => new CarriedFields().failure(failure),
  continueAsNewWorkflowExecution: (fields) =>
    new CarriedFields()
      .payloads('argument', fields.arguments)
      .value('taskQueue', fields.taskQueue)
      .duration('workflowRunTimeout', fields.workflowRunTimeout)
      .duration('workflowTaskTimeout', fields.workflowTaskTimeout)
      .duration('backoffStartInterval', fields.backoffStartInterval)
      .payloadMap('memo', fields.memo)
      .payloadMap('search attribute', indexed(fields.searchAttributes)),
};

/** What a command carries, in the protocol's words; undefined for one that carries nothing. */
export function carriedBy(variant: string, fields: unknown): Carried | undefined {
  const carrier = Object.hasOwn(CARRIERS, variant)
    ? (CARRIERS[variant as keyof Commands] as ((fields: unknown) => CarriedFields) | undefined)
    : undefined;
  if (carrier === undefined || typeof fields !== 'object' || fields === null) return undefined;
  try {
    return carrier(fields).done();
  } catch {
    // Another release of the SDK has another form: then nothing is compared.
    return undefined;
  }
}

/** SDK 1.8 has the fields themselves, later releases a message with the fields. */
function indexed(searchAttributes: unknown): Record<string, { data: Uint8Array }> | undefined {
  if (typeof searchAttributes !== 'object' || searchAttributes === null) return undefined;
  const inner = (searchAttributes as { indexedFields?: unknown }).indexedFields;
  return (inner ?? searchAttributes) as Record<string, { data: Uint8Array }>;
}
