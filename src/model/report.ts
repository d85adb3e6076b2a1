import type { Claim } from './claim.js';
import type { Coverage } from './coverage.js';
import type { Effort, Estimate } from './estimate.js';
import type { DriftReview } from './drift.js';
import type { Finding } from './finding.js';
import type { Isolation } from './isolation.js';
import type { Outcome } from './outcome.js';
import type { PatchReview } from './patch-review.js';
import type { Reach } from './reach.js';
import type { Target } from './target.js';
import type { Verdict } from './verdict.js';

/** The SDK that replayed, and its version. */
export interface ReplayerDescription {
  readonly language: string;
  readonly sdkName: string;
  readonly sdkVersion: string;
}

/** The checkout that some histories were replayed on too. */
export interface BaselineDescription {
  readonly commit: string;
  /** Undefined where nothing was replayed there. */
  readonly replayer?: ReplayerDescription;
}

/** Everything that the renderers may show. A check is a snapshot of `commit` and of the server at `asOf`. */
export interface Report {
  /** RFC 3339: when the executions were listed, or when the run began if it listed none. */
  readonly asOf: string;
  /** Commit of the code under test; undefined outside a repository. */
  readonly commit: string | undefined;
  readonly claim: Claim | undefined;
  /** The pull requests of a merge group that make this claim. */
  readonly pullRequests?: readonly number[];
  /** Build ID that an earlier title claimed and the current title does not. */
  readonly removedClaim?: string;
  readonly target: Target | undefined;
  readonly replayer: ReplayerDescription | undefined;
  /** What separated the code under test from the process that started it; absent where no replayer became ready. */
  readonly isolation?: Isolation;
  readonly baseline?: BaselineDescription;
  readonly verdict: Verdict;
  readonly outcomes: readonly Outcome[];
  readonly findings: readonly Finding[];
  /** What to do with all of `findings`, if the code is not meant for these executions; absent without a finding. */
  readonly wayOut?: string;
  readonly coverage: Coverage;
  /** Absent where every running execution was replayed, or where nothing was drawn by chance. */
  readonly estimate?: Estimate;
  /** Absent where no server was asked. */
  readonly effort?: Effort;
  /** Empty where no execution has recorded a patch, or where patches were not reviewed. */
  readonly patches: readonly PatchReview[];
  /** How long the namespace keeps closed executions; absent where no patches were recorded, or where it is unknown. */
  readonly retentionMs?: number;
  /** Absent where the changed lines or the reached lines are not known. */
  readonly reach?: Reach;
  /** Absent where drift was not looked for. */
  readonly drift?: DriftReview;
  /** What a reader should know and what decides nothing. */
  readonly warnings: readonly string[];
  /** The error that ended the run early, when one did: found, expected, how to fix. */
  readonly problem?: Problem;
  /** The error behind `problem` when it is a bug of ours: the log shows its stack. */
  readonly bug?: unknown;
}

export interface Problem {
  readonly found: string;
  readonly expected?: string;
  readonly fix?: string;
}
