import type { Execution } from './execution.js';

/** What to read and replay, in order, and what the budget leaves out. */
export interface Plan {
  readonly chosen: readonly Execution[];
  readonly leftOut: readonly Execution[];
}
