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

/** The program that replayed: which SDK, which version. */
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

/** Everything that the renderers may show. A check is a snapshot: `asOf` and `commit` say of what. */
export interface Report {
  /** RFC 3339, when the executions were listed (or the run began, if it never came to that). */
  readonly asOf: string;
  /** Commit of the code under test; undefined outside a repository. */
  readonly commit: string | undefined;
  readonly claim: Claim | undefined;
  /** Of a merge group: the pull requests that make this claim. */
  readonly pullRequests?: readonly number[];
  /** Build ID that an earlier title claimed and the title no longer does. */
  readonly removedClaim?: string;
  readonly target: Target | undefined;
  readonly replayer: ReplayerDescription | undefined;
  /** What stood between the code under test and the process that started it; absent where none became ready. */
  readonly isolation?: Isolation;
  readonly baseline?: BaselineDescription;
  readonly verdict: Verdict;
  readonly outcomes: readonly Outcome[];
  readonly findings: readonly Finding[];
  readonly coverage: Coverage;
  /** Absent where all that runs was looked at, or chance had no part in it. */
  readonly estimate?: Estimate;
  /** Absent where no server was asked. */
  readonly effort?: Effort;
  /** Empty where no execution has recorded any, or it was not looked into. */
  readonly patches: readonly PatchReview[];
  /** Absent where it is not known what was changed, or what was reached. */
  readonly reach?: Reach;
  /** Absent where it was not looked for. */
  readonly drift?: DriftReview;
  /** Things that a reader should know and that decide nothing. */
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
