import type { Execution } from './execution.js';

/** What to read, in order, and how much of it to replay. */
export interface Plan {
  readonly reads: readonly Execution[];
  /** At most this many histories are replayed. Where more are read, their shapes decide which. */
  readonly maxReplays: number;
  /** Whether histories are replayed in the order in which they are read. */
  readonly isInOrder: boolean;
  /** The executions of `reads` that were drawn by chance. */
  readonly sampled: readonly Execution[];
  /** Absent where nothing runs, or where nothing is drawn by chance. */
  readonly sample?: Sample;
}

/** Running executions that were drawn by chance, each as likely as any other. */
export interface Sample {
  /** Draws the same sample from the same listing again. */
  readonly seed: number;
  /** Places in the listing, in the order of drawing: each beginning of this list is a sample too. */
  readonly positions: readonly number[];
}
