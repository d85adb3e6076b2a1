/**
 * What stays of a history: the texts that a replay compares, or that make an execution what it is. Every other text
 * of an event is replaced, also in fields that a later release adds.
 */
export const KEPT_TEXTS: ReadonlySet<string> = new Set([
  // IDs. Code computes some of them from its inputs, so none can be replaced alone.
  ...['workflowId', 'runId', 'originalExecutionRunId', 'firstExecutionRunId'],
  ...['continuedExecutionRunId', 'newExecutionRunId', 'baseRunId', 'newRunId'],
  ...['activityId', 'timerId', 'protocolInstanceId', 'acceptedRequestMessageId', 'updateId'],
  // Names that stand in code.
  ...['name', 'normalName', 'signalName', 'markerName', 'type', 'endpoint', 'service', 'operation'],
  ...['namespace', 'cronSchedule', 'source'],
  // Who completed a task, and how its SDK behaves.
  ...['buildId', 'deploymentName', 'version', 'binaryChecksum', 'sdkName', 'sdkVersion'],
  ...['inheritedBuildId', 'assignedBuildId', 'workerDeploymentVersion', 'workerDeploymentName'],
]);

/** Messages that no replay reads, and that hold what people or other systems wrote. */
export const DROPPED: ReadonlySet<string> = new Set([
  '.temporal.api.sdk.v1.UserMetadata',
  '.temporal.api.common.v1.Callback',
  '.temporal.api.common.v1.Link',
  '.temporal.api.common.v1.Priority',
]);

/** Of search attributes the one that SDKs write themselves: the patches of an execution. */
export const KEPT_SEARCH_ATTRIBUTES: ReadonlySet<string> = new Set(['TemporalChangeVersion']);

/** Of the details of markers those that an SDK itself reads, by the marker's name. */
const KEPT_DETAILS: Readonly<Record<string, readonly string[]>> = {
  core_patch: ['patch-data', 'patch_id', 'deprecated'],
  core_local_activity: ['data'],
  Version: [
    'change-id',
    'changeId',
    'version',
    'versionSearchAttributeUpdated',
    'version-search-attribute-updated',
  ],
  LocalActivity: ['type', 'activityId', 'meta', 'time'],
  SideEffect: ['side-effect-id'],
  MutableSideEffect: ['id', 'skipCount', 'call-counter'],
};

export function isKeptDetail(markerName: string, detail: string): boolean {
  return KEPT_DETAILS[markerName]?.includes(detail) === true;
}
