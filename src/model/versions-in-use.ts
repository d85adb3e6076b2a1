/** A version of workers: of a Worker Deployment, of a version set, or a build ID that the server does not route by. */
export type VersionId =
  | {
      readonly kind: 'worker-deployment';
      readonly deploymentName: string;
      readonly buildId: string;
    }
  /** `buildIds` is the whole set. Its last one is the default, which gets all of its tasks. */
  | {
      readonly kind: 'version-set';
      readonly taskQueue: string;
      readonly buildIds: readonly string[];
      readonly buildId: string;
    }
  /** Without a build ID: workers that name none. */
  | { readonly kind: 'build-id'; readonly buildId?: string };

/** `inactive`: it gets no task, and has never got one or is not its set's default. */
export const VERSION_STATUSES = ['current', 'ramping', 'draining', 'drained', 'inactive'] as const;

export type VersionStatus = (typeof VERSION_STATUSES)[number];

/** What a server says about versions, executions and workers, before anything is concluded from it. */
export interface VersionsInUse {
  /** RFC 3339. */
  readonly asOf: string;
  readonly address: string;
  readonly namespace: string;
  readonly deployments: readonly DeploymentInUse[];
  readonly queues: readonly QueueInUse[];
  readonly running: readonly RunningGroup[];
  /** Whether there are more running executions than were listed. */
  readonly isCut: boolean;
  /** Closed executions within retention, by `versionKey`; absent where they were not counted. */
  readonly closed: ReadonlyMap<string, number>;
  /** What could not be read, and why. */
  readonly notes: readonly string[];
}

/** Where to look. */
export interface VersionsScope {
  readonly deploymentName: string | undefined;
  /** Empty: all of the namespace, or of the deployment. */
  readonly taskQueues: readonly string[];
}

export interface ClosedCounts {
  /** By `versionKey`. */
  readonly counts: ReadonlyMap<string, number>;
  /** Says what was not counted. */
  readonly note?: string;
}

export interface DeploymentInUse {
  readonly name: string;
  /** Build IDs; absent where nothing is routed to the deployment. */
  readonly current?: string;
  readonly ramping?: string;
  readonly versions: readonly {
    readonly buildId: string;
    readonly drainage?: 'draining' | 'drained';
    readonly taskQueues: readonly string[];
  }[];
  /** Why the server did not describe it. Its versions are then those that executions and workers name. */
  readonly problem?: string;
}

export interface DeploymentVersionName {
  readonly deploymentName: string;
  readonly buildId: string;
}

export interface QueueInUse {
  readonly name: string;
  /** Where executions go that no version holds; absent: to workers that are not versioned. */
  readonly current?: DeploymentVersionName;
  readonly ramping?: DeploymentVersionName;
  /** Version sets, the queue's default set last. */
  readonly sets: readonly (readonly string[])[];
  /** Build IDs of sets that can still get tasks, as the server sees it; absent where it does not tell. */
  readonly reachable?: ReadonlySet<string>;
  /** Absent where the server does not tell them. */
  readonly pollers?: readonly Poller[];
}

/** A worker that has polled for workflow tasks in the last minutes. */
export interface Poller {
  readonly version: VersionName;
  /** RFC 3339. */
  readonly lastPoll: string;
}

/** The version by which an execution, or a worker, is known. */
export type VersionName =
  | ({ readonly kind: 'worker-deployment' } & DeploymentVersionName)
  | { readonly kind: 'version-set'; readonly buildId: string }
  | { readonly kind: 'build-id'; readonly buildId?: string };

/** Running executions that are alike. */
export interface RunningGroup {
  readonly taskQueue: string;
  /** The version that worked on them last; absent while they wait for their first workflow task. */
  readonly last?: VersionName;
  readonly behavior: 'pinned' | 'auto-upgrade' | 'none';
  readonly count: number;
  /** When the oldest started, RFC 3339. */
  readonly oldest?: string;
}

/** What tells a version from all others of a namespace. */
export function versionKey(version: VersionId): string {
  switch (version.kind) {
    case 'worker-deployment':
      return JSON.stringify([version.kind, version.deploymentName, version.buildId]);
    case 'version-set':
      return JSON.stringify([version.kind, version.taskQueue, version.buildId]);
    case 'build-id':
      return JSON.stringify([version.kind, version.buildId ?? null]);
  }
}
