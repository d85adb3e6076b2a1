import type { ExecutionGroup } from './execution.js';

/** What the claim means: where its executions are. */
export type Target =
  | VersionSetTarget
  | WorkerDeploymentTarget
  | WorkerDeploymentsTarget
  | BuildIdTarget
  | QueryTarget
  | HistoryFilesTarget;

/** What `versioning: auto` found. This explains its choice. */
export type AutoChoice =
  'deployment-named' | 'deployment-found' | 'version-set-found' | 'both-found';

export interface VersionSetTarget {
  readonly kind: 'version-set';
  readonly address: string;
  readonly namespace: string;
  /** The build ID that the claim names. */
  readonly buildId: string;
  /** On each task queue, the set that holds the build ID. A queue without it is not listed. */
  readonly sets: readonly VersionSet[];
  /** The Visibility query that selects the executions. */
  readonly query: string;
  readonly auto?: AutoChoice;
}

/** Build IDs of one task queue that can take over each other's executions; the last is the default. */
export interface VersionSet {
  readonly taskQueue: string;
  readonly buildIds: readonly string[];
}

/** A version of a Worker Deployment, and what matters about the deployment's other versions. */
export interface WorkerDeploymentTarget {
  readonly kind: 'worker-deployment';
  readonly address: string;
  readonly namespace: string;
  /** The build ID that the claim names. */
  readonly buildId: string;
  readonly deploymentName: string;
  /** Build ID of the current version; absent while new executions go to unversioned workers. */
  readonly current?: string;
  readonly ramping?: { readonly buildId: string; readonly percentage: number };
  readonly versions: readonly DeploymentVersion[];
  /** The task queues of all versions: an execution without a behavior on them goes to the current version. */
  readonly taskQueues: readonly string[];
  /** Current and ramping, and the named version while it has pinned running executions. */
  readonly liveBuildIds: readonly string[];
  /** The server could not count the executions that are pinned to the named version: so it counts as live. */
  readonly pinnedAreUnknown?: true;
  /** The Visibility query of each group of executions. An execution counts in the first group that has it. */
  readonly groups: readonly GroupQuery[];
  readonly auto?: AutoChoice;
}

/** The current versions of several Worker Deployments, which share the task queues. */
export interface WorkerDeploymentsTarget {
  readonly kind: 'worker-deployments';
  readonly address: string;
  readonly namespace: string;
  /** The build IDs of the current versions, each once, with commas between them. */
  readonly buildId: string;
  /** At least two. */
  readonly deployments: readonly WorkerDeploymentTarget[];
  readonly auto?: AutoChoice;
}

export interface DeploymentVersion {
  readonly buildId: string;
  /** About pinned executions only; absent while the version takes new executions, or if it never did. */
  readonly drainage?: 'draining' | 'drained';
}

export interface GroupQuery {
  readonly group: ExecutionGroup;
  readonly query: string;
}

/** Executions whose `BuildIds` name the build. The server is not asked what else belongs to it. */
export interface BuildIdTarget {
  readonly kind: 'build-id';
  readonly address: string;
  readonly namespace: string;
  readonly buildId: string;
  readonly query: string;
}

/** Executions that the input `query` alone selects. */
export interface QueryTarget {
  readonly kind: 'query';
  readonly address: string;
  readonly namespace: string;
  readonly buildId: string;
  readonly query: string;
}

export interface HistoryFilesTarget {
  readonly kind: 'history-files';
  /** The build ID that the claim names, or undefined when nothing claims one. */
  readonly buildId: string | undefined;
  readonly pattern: string;
  readonly files: number;
}

/** Build IDs whose workers can still get tasks of these executions. */
export function liveBuildIds(target: Target): ReadonlySet<string> {
  switch (target.kind) {
    case 'version-set':
      // Workers of other builds may poll, but the server answers that a newer build exists.
      return new Set(target.sets.flatMap((set) => set.buildIds.slice(-1)));
    case 'worker-deployment':
      return new Set(target.liveBuildIds);
    case 'worker-deployments':
      // A build that is live in one of them counts as live in all: rather too much is red than too little.
      return new Set(target.deployments.flatMap((one) => one.liveBuildIds));
    case 'build-id':
      return new Set([target.buildId]);
    case 'query':
      // The query may select executions of any build: all of them count as live.
      return new Set();
    case 'history-files':
      return new Set(target.buildId === undefined ? [] : [target.buildId]);
  }
}

/** Build IDs that count as live only because the server could not say what is pinned to them. */
export function perhapsLiveBuildIds(target: Target): ReadonlySet<string> {
  const isPerhaps = target.kind === 'worker-deployment' && target.pinnedAreUnknown === true;
  return new Set(isPerhaps ? [target.buildId] : []);
}

/** The groups of one deployment or of several, each group with one query. Empty for other targets. */
export function executionGroups(target: Target): readonly GroupQuery[] {
  if (target.kind === 'worker-deployment') return target.groups;
  if (target.kind !== 'worker-deployments') return [];
  const queries = new Map<ExecutionGroup, string[]>();
  for (const { group, query } of target.deployments.flatMap(({ groups }) => groups)) {
    queries.set(group, [...(queries.get(group) ?? []), query]);
  }
  return [...queries].map(([group, all]) => ({
    group,
    query: all.length === 1 ? all.join('') : all.map((one) => `(${one})`).join(' OR '),
  }));
}
