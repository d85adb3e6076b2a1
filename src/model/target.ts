/** What the claim means: where the executions that it speaks of are. */
export type Target = VersionSetTarget | HistoryFilesTarget;

export interface VersionSetTarget {
  readonly kind: 'version-set';
  readonly address: string;
  readonly namespace: string;
  /** The build ID that the claim names. */
  readonly buildId: string;
  /** The set that holds it, on each task queue; a queue without it is not listed. */
  readonly sets: readonly VersionSet[];
  /** The Visibility query that selects the executions. */
  readonly query: string;
}

/** Build IDs of one task queue that can take over each other's executions; the last is the default. */
export interface VersionSet {
  readonly taskQueue: string;
  readonly buildIds: readonly string[];
}

export interface HistoryFilesTarget {
  readonly kind: 'history-files';
  /** The build ID that the claim names, or undefined when nothing claims one. */
  readonly buildId: string | undefined;
  readonly pattern: string;
  readonly files: number;
}

/** Build IDs whose workers can still be handed tasks of these executions. */
export function liveBuildIds(target: Target): ReadonlySet<string> {
  switch (target.kind) {
    case 'version-set':
      return new Set(target.sets.flatMap((set) => set.buildIds));
    case 'history-files':
      return new Set(target.buildId === undefined ? [] : [target.buildId]);
  }
}
