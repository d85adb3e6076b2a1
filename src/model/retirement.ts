import type { VersionId, VersionStatus } from './versions-in-use.js';

/** Which workers are still needed, as of a moment. */
export interface Retirement {
  /** RFC 3339. */
  readonly asOf: string;
  readonly address: string;
  readonly namespace: string;
  readonly versions: readonly JudgedVersion[];
  /** Running executions that no worker takes, and that no version above stands for. */
  readonly unserved: readonly { readonly taskQueue: string; readonly count: number }[];
  readonly notes: readonly string[];
}

/** A version, and what is concluded about its workers. */
export interface JudgedVersion {
  readonly version: VersionId;
  /** Absent where the server does not tell. */
  readonly status?: VersionStatus;
  readonly taskQueues: readonly string[];
  /** Running executions whose next workflow task it gets. */
  readonly running: {
    readonly pinned: number;
    readonly autoUpgrade: number;
    /** Without a versioning behavior. */
    readonly none: number;
  };
  /** When the oldest of these started, RFC 3339. */
  readonly oldest?: string;
  readonly workers: Workers;
  /** Closed executions within retention; absent where they were not counted. */
  readonly closed?: number;
  /** Running executions that wait for a worker of this version, and none polls. */
  readonly stuck: number;
  /** Empty: its workers can be switched off. */
  readonly keptBy: readonly Keeper[];
}

export type Workers =
  /** Some poll now. */
  | { readonly kind: 'polling'; readonly lastPoll: string }
  /** None polls now; `lastPoll` where the server still remembers one. */
  | { readonly kind: 'gone'; readonly lastPoll?: string }
  | { readonly kind: 'not-known' };

/** Why workers of a version are still needed. */
export type Keeper =
  | { readonly kind: 'current' }
  | { readonly kind: 'ramping' }
  | { readonly kind: 'pinned'; readonly count: number }
  /** Running executions that are not pinned, and whose next task it gets. */
  | { readonly kind: 'serves'; readonly count: number }
  /** The server has not found the version drained yet. */
  | { readonly kind: 'draining' }
  /** It polls, and nothing was ever routed to it. */
  | { readonly kind: 'not-routed-yet' }
  /** The server says that tasks can still reach it. */
  | { readonly kind: 'reachable' }
  | { readonly kind: 'not-known'; readonly why: string };

export function isRetirable({ keptBy }: Pick<JudgedVersion, 'keptBy'>): boolean {
  return keptBy.length === 0;
}

export function runningOf({ running }: Pick<JudgedVersion, 'running'>): number {
  return running.pinned + running.autoUpgrade + running.none;
}
