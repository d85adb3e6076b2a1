import type { SourceLocation } from './source-location.js';

/** What can be done with a patch, as far as running executions tell. */
export type PatchAdvice =
  /** Some running executions have not recorded it, and need the old branch if they are past its place. */
  | 'keep'
  /** All running executions have recorded it: none needs the old branch. */
  | 'deprecate'
  /** It is deprecated, and running executions have recorded it. */
  | 'keep-deprecated'
  /** It is deprecated, and no running execution has recorded it. */
  | 'remove'
  /** Running executions have recorded it, and no recorded history asked for it. */
  | 'not-asked';

/** One patch: who asks for it, and who still needs it. */
export interface PatchReview {
  /** Untrusted. */
  readonly id: string;
  /** Where the code asks for it, each place once. */
  readonly locations: readonly SourceLocation[];
  /** Running executions of the workflow types that ask for it or have recorded it. */
  readonly runningWith: number;
  readonly runningWithout: number;
  readonly advice: PatchAdvice;
}
