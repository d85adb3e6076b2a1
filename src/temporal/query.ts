import { queryProblem } from '../model/queryable.js';
import type { GroupQuery } from '../model/target.js';

/**
 * Visibility queries from values. Only values without quotes, backslashes and control characters get
 * here (inputs and claims refuse the others), because stores escape those differently; checking once
 * more costs nothing and keeps an injection impossible even when a caller forgets.
 */
export function versionSetQuery(
  taskQueues: readonly string[],
  buildIds: readonly string[],
  userQuery: string | undefined,
): string {
  // What workers of a version set write into BuildIds. An execution that has completed no workflow
  // task yet lacks it and is not found: it has no history to replay either.
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

/** Executions that were begun on the queues and of which no worker has taken a workflow task yet. */
export function waitingQuery(taskQueues: readonly string[]): string {
  return all([anyOf('TaskQueue', taskQueues), 'BuildIds IS NULL', OPEN]);
}

/** Executions that some build worked on, on any queue: in every form but those that name a deployment. */
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
  /** Of the deployment, or of those the ones that the user named. */
  readonly taskQueues: readonly string[];
  /** Whether the user named them, so that every group is narrowed to them. */
  readonly narrowed: boolean;
  /** Whether the server keeps every version that worked on an execution (1.30 and newer do). */
  readonly knowsUsedVersions: boolean;
  readonly userQuery: string | undefined;
}

/** Open and closed are told by the close time: not every server knows every status by name. */
const OPEN = 'CloseTime IS NULL';
const CLOSED = 'CloseTime IS NOT NULL';

/** One query for each group; a group that cannot have any execution has none. */
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
  // Without a task queue there is none on which such an execution could wait.
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

function workedOnBy(
  buildIds: readonly string[],
  { deploymentName, knowsUsedVersions }: DeploymentQueries,
): string {
  const versions = versionValues(deploymentName, buildIds);
  if (knowsUsedVersions) return anyOf('TemporalUsedWorkerDeploymentVersions', versions);
  // The last version alone would miss executions that moved on; BuildIds has them, but drops its
  // oldest values past 2 KB.
  const worked = buildIds.flatMap((buildId) => [
    `unversioned:${buildId}`,
    `versioned:${buildId}`,
    `pinned:${deploymentName}:${buildId}`,
  ]);
  return `(${anyOf('TemporalWorkerDeploymentVersion', versions)} OR ${anyOf('BuildIds', worked)})`;
}

/** Server 1.27 wrote versions with a dot, later ones write a colon. */
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
