import { queryProblem } from '../model/queryable.js';
import type { GroupQuery } from '../model/target.js';
import type { VersionId } from '../model/versions-in-use.js';

/**
 * Visibility queries from values. Inputs and claims refuse values with quotes, backslashes and control characters,
 * because stores escape these in different ways. `quoted` checks once more, so that no injection is possible even
 * when a caller forgets.
 */
export function versionSetQuery(
  taskQueues: readonly string[],
  buildIds: readonly string[],
  userQuery: string | undefined,
): string {
  // Workers of a version set write this into BuildIds when they complete a workflow task. So an execution without
  // a completed workflow task is not found; it has no history to replay either.
  const versioned = buildIds.map((buildId) => `versioned:${buildId}`);
  const clauses = [anyOf('TaskQueue', taskQueues), anyOf('BuildIds', versioned)];
  if (userQuery !== undefined) clauses.push(`(${userQuery})`);
  return clauses.join(' AND ');
}

/**
 * A query of this file without the user's filter, which always comes last.
 */
export function withoutFilter(query: string, userQuery: string): string {
  const filter = ` AND (${userQuery})`;
  if (!query.endsWith(filter)) throw new Error('a query without the filter that it was given');
  return query.slice(0, -filter.length);
}

/** Executions that wait on the queues for their first workflow task. */
export function waitingQuery(taskQueues: readonly string[]): string {
  return all([anyOf('TaskQueue', taskQueues), 'BuildIds IS NULL', OPEN]);
}

/** Executions that a build worked on, by one form of its name in BuildIds. The forms with a deployment are left out. */
export function traceQuery(
  buildIds: readonly string[],
  form: 'versioned' | 'unversioned' | 'assigned',
  taskQueues: readonly string[] = [],
): string {
  return all([
    taskQueues.length > 0 && anyOf('TaskQueue', taskQueues),
    anyOf(
      'BuildIds',
      buildIds.map((buildId) => `${form}:${buildId}`),
    ),
  ]);
}

/** All executions of a Worker Deployment, whatever became of them. */
export function wholeDeploymentQuery(
  deploymentName: string,
  taskQueues: readonly string[] = [],
): string {
  return all([
    anyOf('TemporalWorkerDeployment', [deploymentName]),
    taskQueues.length > 0 && anyOf('TaskQueue', taskQueues),
  ]);
}

/** Executions that a build worked on, whatever kind of versioning its workers had. */
export function buildIdQuery(
  buildId: string,
  options: {
    readonly deploymentName: string | undefined;
    readonly taskQueues: readonly string[];
    readonly userQuery: string | undefined;
  },
): string {
  const { deploymentName, taskQueues, userQuery } = options;
  const values = ['versioned', 'unversioned', 'assigned'].map((prefix) => `${prefix}:${buildId}`);
  if (deploymentName !== undefined) values.push(`pinned:${deploymentName}:${buildId}`);
  return all([
    taskQueues.length > 0 && anyOf('TaskQueue', taskQueues),
    anyOf('BuildIds', values),
    userQuery !== undefined && `(${userQuery})`,
  ]);
}

export interface DeploymentQueries {
  readonly deploymentName: string;
  /** The version that the claim names. */
  readonly buildId: string;
  readonly liveBuildIds: readonly string[];
  /** The task queues of the deployment, or those among them that the user named. */
  readonly taskQueues: readonly string[];
  /** Whether the user named task queues. Then every group is narrowed to them. */
  readonly narrowed: boolean;
  /** Whether the server keeps every version that worked on an execution. Servers from 1.30 on do. */
  readonly knowsUsedVersions: boolean;
  readonly userQuery: string | undefined;
}

/** The close time tells whether an execution is open. The status does not: not every server knows every status. */
const OPEN = 'CloseTime IS NULL';
const CLOSED = 'CloseTime IS NOT NULL';

/** One query for each group. A group that cannot have any execution is left out. */
export function deploymentQueries(options: DeploymentQueries): GroupQuery[] {
  const { liveBuildIds, taskQueues, narrowed, userQuery } = options;
  const ofDeployment = anyOf('TemporalWorkerDeployment', [options.deploymentName]);
  const onQueues = taskQueues.length > 0 && anyOf('TaskQueue', taskQueues);
  const user = userQuery !== undefined && `(${userQuery})`;
  const groups: GroupQuery[] = [
    {
      group: 'auto-upgrade',
      query: all([
        ofDeployment,
        `TemporalWorkflowVersioningBehavior = "AutoUpgrade"`,
        OPEN,
        narrowed && onQueues,
        user,
      ]),
    },
  ];
  // Executions without a versioning behavior are found by their task queue alone.
  if (onQueues !== false) {
    groups.push({
      group: 'no-behavior',
      query: all([onQueues, 'TemporalWorkflowVersioningBehavior IS NULL', OPEN, user]),
    });
  }
  groups.push({
    group: 'pinned',
    query: all([pinnedQuery(options), narrowed && onQueues, user]),
  });
  if (liveBuildIds.length > 0) {
    groups.push({
      group: 'closed',
      query: all([
        ofDeployment,
        workedOnBy(liveBuildIds, options),
        CLOSED,
        narrowed && onQueues,
        user,
      ]),
    });
  }
  return groups;
}

/** Running executions of a version set. */
export function runningOfBuildsQuery(buildIds: readonly string[], taskQueue: string): string {
  return all([traceQuery(buildIds, 'versioned', [taskQueue]), OPEN]);
}

/** Running executions whose last task a version of a deployment completed. */
export function runningOfVersionQuery(
  deploymentName: string,
  buildId: string,
  taskQueues: readonly string[],
): string {
  return all([
    anyOf('TemporalWorkerDeploymentVersion', versionValues(deploymentName, [buildId])),
    openQuery({ taskQueues }),
  ]);
}

/** Running executions of a deployment that move to whatever version is current. */
export function autoUpgradeQuery(deploymentName: string, taskQueues: readonly string[]): string {
  return all([
    anyOf('TemporalWorkerDeployment', [deploymentName]),
    `TemporalWorkflowVersioningBehavior = "AutoUpgrade"`,
    OPEN,
    anyOf('TaskQueue', taskQueues),
  ]);
}

/** Running executions that are pinned to the named version. */
export function pinnedQuery({
  deploymentName,
  buildId,
}: Pick<DeploymentQueries, 'deploymentName' | 'buildId'>): string {
  return all([
    anyOf('TemporalWorkerDeployment', [deploymentName]),
    anyOf('TemporalWorkerDeploymentVersion', versionValues(deploymentName, [buildId])),
    `TemporalWorkflowVersioningBehavior = "Pinned"`,
    OPEN,
  ]);
}

/** Running executions: those on the task queues, and those of the deployment. Without either, all. */
export function openQuery({
  deploymentName,
  taskQueues,
}: {
  readonly deploymentName?: string;
  readonly taskQueues: readonly string[];
}): string {
  const parts = [
    ...(deploymentName === undefined ? [] : [anyOf('TemporalWorkerDeployment', [deploymentName])]),
    ...(taskQueues.length === 0 ? [] : [anyOf('TaskQueue', taskQueues)]),
  ];
  return all([parts.length > 1 ? `(${parts.join(' OR ')})` : (parts[0] ?? false), OPEN]);
}

/** Closed executions that a version worked on last; undefined where no query can carry its names. */
export function closedQuery(version: VersionId, taskQueues: readonly string[]): string | undefined {
  const names = [
    version.buildId ?? '',
    ...(version.kind === 'worker-deployment' ? [version.deploymentName] : []),
    ...(version.kind === 'version-set' ? [version.taskQueue] : []),
  ];
  if (names.some((name) => queryProblem(name) !== undefined)) return undefined;
  const onQueues = taskQueues.length > 0 && anyOf('TaskQueue', taskQueues);
  switch (version.kind) {
    case 'worker-deployment': {
      const { deploymentName, buildId } = version;
      const values = versionValues(deploymentName, [buildId]);
      return all([anyOf('TemporalWorkerDeploymentVersion', values), onQueues, CLOSED]);
    }
    case 'version-set': {
      const { buildId, taskQueue } = version;
      return all([anyOf('TaskQueue', [taskQueue]), traceQuery([buildId], 'versioned'), CLOSED]);
    }
    case 'build-id': {
      const { buildId } = version;
      // Every execution of workers that are not versioned has the other value too.
      if (buildId === undefined) return undefined;
      return all([traceQuery([buildId], 'unversioned'), onQueues, CLOSED]);
    }
  }
}

function workedOnBy(
  buildIds: readonly string[],
  { deploymentName, knowsUsedVersions }: DeploymentQueries,
): string {
  const versions = versionValues(deploymentName, buildIds);
  if (knowsUsedVersions) return anyOf('TemporalUsedWorkerDeploymentVersions', versions);
  // The last version alone would miss executions that moved to another one. BuildIds has them, but it drops its
  // oldest values beyond 2 KB.
  const worked = buildIds.flatMap((buildId) => [
    `unversioned:${buildId}`,
    `versioned:${buildId}`,
    `pinned:${deploymentName}:${buildId}`,
  ]);
  return `(${anyOf('TemporalWorkerDeploymentVersion', versions)} OR ${anyOf('BuildIds', worked)})`;
}

/** Server 1.27 writes versions with a dot, later servers with a colon. */
function versionValues(deploymentName: string, buildIds: readonly string[]): string[] {
  return buildIds.flatMap((buildId) => [
    `${deploymentName}:${buildId}`,
    `${deploymentName}.${buildId}`,
  ]);
}

function all(clauses: readonly (string | false)[]): string {
  return clauses.filter((clause) => clause !== false).join(' AND ');
}

function anyOf(attribute: string, values: readonly string[]): string {
  const [first] = values;
  if (first === undefined) throw new Error(`a query needs at least one value for ${attribute}`);
  if (values.length === 1) return `${attribute} = ${quoted(first)}`;
  return `${attribute} IN (${values.map(quoted).join(', ')})`;
}

function quoted(value: string): string {
  const problem = queryProblem(value);
  if (problem !== undefined) throw new Error(`a value that ${problem} reached a query`);
  return `"${value}"`;
}
