import type { Execution } from './execution.js';

/** What to read, in order, and how much of it to replay. */
export interface Plan {
  readonly reads: readonly Execution[];
  /** Histories that are replayed at most; where it is fewer than are read, the shapes decide which. */
  readonly maxReplays: number;
  /** Whether histories are replayed in the order in which they are read. */
  readonly isInOrder: boolean;
  /** Those of `reads` that were drawn by chance. */
  readonly sampled: readonly Execution[];
  /** Absent where nothing runs, or chance has no part in the plan. */
  readonly sample?: Sample;
}

/** Running executions that were drawn by chance, each as likely as any other. */
export interface Sample {
  /** Gives the same sample of the same listing again. */
  readonly seed: number;
  /** Places in the listing, in the order in which they were drawn: each beginning of it is a sample too. */
  readonly positions: readonly number[];
}
