import type { SourceLocation } from './source-location.js';

/** What can be done with a patch, as far as running executions tell. */
export type PatchAdvice =
  /** Running executions have not recorded it: those that passed its place need the old branch. */
  | 'keep'
  /** All running executions have recorded it: the old branch serves none. */
  | 'deprecate'
  /** It is deprecated, and running executions have recorded it. */
  | 'keep-deprecated'
  /** It is deprecated, and no running execution has recorded it. */
  | 'remove'
  /** Running executions have recorded it, and no history that was looked into asked for it. */
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
