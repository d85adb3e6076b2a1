import type { TaskCompletion } from '../engine/recorded-history.js';
import type { Execution } from '../model/execution.js';
import type { BaselineRelation, Finding } from '../model/finding.js';
import type { Outcome } from '../model/outcome.js';
import type { ResultMessage } from '../replay/protocol.js';
import type { Chance } from './chance.js';
import type { Roots } from './root.js';
import type { Resemblance } from './signature.js';

/** A history that broke, as far as it could be looked into. */
export interface Failure extends Resemblance {
  readonly outcome: Outcome & { readonly kind: 'nondeterministic' | 'task-failed' };
  /** The first replay's result. */
  readonly result: ResultMessage;
  /** Binary history and the recorded second replay; absent for failures beyond the bound. */
  readonly recorded?: { readonly history: Uint8Array; readonly result: ResultMessage };
  /** Where replays of this history, or of one that it resembles, differ from each other. */
  readonly chance?: Chance;
  /** Executions that passed, whose histories take the same way through the code. */
  readonly alike?: readonly Execution[];
  /** Absent where there is no baseline, or where the history could not be kept for it. */
  readonly baseline?: BaselineFailure;
}

/** The result of the same history on the baseline. */
export interface BaselineFailure {
  readonly relation: BaselineRelation;
  /** The baseline's message, where it did not pass. */
  readonly message?: string;
  /** Whether replays of the history differ from each other there. */
  readonly isChance?: boolean;
  /** The recorded replay there, where it passed and was asked for. */
  readonly recorded?: ResultMessage;
}

/** A finding before it is weighed, with what weighing needs. */
export interface UnweighedFinding extends Omit<Finding, 'weight' | 'groups'> {
  readonly roots: Roots;
  /** The patch that the code does not ask for any more, or asks for otherwise. Untrusted. */
  readonly patch?: string;
  /** The workflow task in which each execution diverges; empty where nothing tells. */
  readonly divergingTasks: ReadonlyMap<Execution, TaskCompletion>;
  /**
   * Of executions that came past the same point and pass: when they started (RFC 3339), the newest first. No more
   * than `LATER_PASSES` are kept.
   */
  readonly passed: readonly string[];
}

/** A finding that is weighed, and not yet joined with others of its root cause. */
export type RootedFinding = Omit<Finding, 'groups'> & Pick<UnweighedFinding, 'roots' | 'patch'>;

/** A finding of one run, with what is needed to merge it with those of other runs. */
export interface DiagnosedFinding extends UnweighedFinding {
  /** What findings of one cause share. */
  readonly key: string;
  /** The history that shows it, and whether it was looked into. */
  readonly example: { readonly execution: Execution; readonly isRecorded: boolean };
}

/** Absolute real paths of the two checkouts, and the versions of the SDKs that replayed there. */
export interface Checkouts {
  readonly workspace: string;
  /** Absent where failures were not compared with a baseline. */
  readonly baseline?: string | undefined;
  readonly sdkVersion?: string | undefined;
  readonly baselineSdkVersion?: string | undefined;
}
