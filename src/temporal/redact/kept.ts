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

export function isKeptText(field: string, text: string): boolean {
  if (text === '' || KEPT_TEXTS.has(field)) return true;
  // Go's SDK finds a signal to another workflow by the number that it writes here.
  return field === 'control' && /^\d+$/u.test(text);
}

/** Messages that no replay reads, and that hold what people or other systems wrote. */
export const DROPPED: ReadonlySet<string> = new Set([
  '.temporal.api.sdk.v1.UserMetadata',
  '.temporal.api.common.v1.Callback',
  '.temporal.api.common.v1.Link',
  '.temporal.api.common.v1.Priority',
]);

/** Of search attributes the one that SDKs write themselves: the patches of an execution. */
export const KEPT_SEARCH_ATTRIBUTES: ReadonlySet<string> = new Set(['TemporalChangeVersion']);

/** How many payloads of a detail of a marker stay: those that an SDK itself reads. */
type Kept = 'all' | 'first';

const KEPT_DETAILS: Readonly<Record<string, Readonly<Record<string, Kept>>>> = {
  core_patch: { 'patch-data': 'all', patch_id: 'all', deprecated: 'all' },
  core_local_activity: { data: 'all' },
  Version: {
    'change-id': 'all',
    changeId: 'all',
    version: 'all',
    versionSearchAttributeUpdated: 'all',
    'version-search-attribute-updated': 'all',
  },
  LocalActivity: { type: 'all', activityId: 'all', meta: 'all', time: 'all' },
  SideEffect: { 'side-effect-id': 'all' },
  MutableSideEffect: {
    id: 'all',
    skipCount: 'all',
    'side-effect-id': 'all',
    'mutable-side-effect-call-counter': 'all',
  },
};

/** Go keeps notes of its own where Java keeps a result or a value, and tells by another detail that it wrote them. */
const KEPT_OF_GO: Readonly<Record<string, Readonly<Record<string, Kept>>>> = {
  LocalActivity: { data: 'all' },
  // The ID that code gave comes first, and then the value.
  MutableSideEffect: { data: 'first' },
};

/** What stays of the payloads of one detail of a marker. */
export function keptOfDetail(
  markerName: string,
  details: Readonly<Record<string, unknown>>,
  detail: string,
): Kept | undefined {
  return (
    KEPT_DETAILS[markerName]?.[detail] ??
    (isOfGo(markerName, details) ? KEPT_OF_GO[markerName]?.[detail] : undefined)
  );
}

function isOfGo(markerName: string, details: Readonly<Record<string, unknown>>): boolean {
  return markerName === 'LocalActivity' ? !('type' in details) : 'side-effect-id' in details;
}
