import type { Claim } from '../model/claim.js';
import type { Execution } from '../model/execution.js';
import type { DriftReview } from '../model/drift.js';
import type { Finding } from '../model/finding.js';
import type { NoMatch } from '../model/no-match.js';
import type { Outcome } from '../model/outcome.js';
import type { Problem } from '../model/report.js';
import type { Policy } from '../model/settings.js';
import type { Skipped } from '../model/skipped.js';

/** Everything that the verdict is decided from. */
export interface Evidence {
  /** Undefined when the run ended before it read a title. */
  readonly claim: Claim | undefined;
  /** What ended the run early. */
  readonly problem?: Problem;
  /** Why there is no target for the claim. */
  readonly unknownBuild?: string;
  /** A sentence that lists what a title can claim. */
  readonly claimable?: string;
  /** Why nothing was listed, where the server was asked. */
  readonly noMatch?: NoMatch;
  /** Set when the title or the head moved, or the checkout is not the pull request's. */
  readonly wrongSubject?: { readonly reason: 'wrong-checkout' | 'moved'; readonly summary: string };
  readonly cancelled: boolean;
  readonly listed: readonly Execution[];
  readonly listingTruncated: boolean;
  readonly outcomes: readonly Outcome[];
  readonly findings: readonly Finding[];
  /** Absent where drift was not looked for. */
  readonly drift?: DriftReview;
  /** Workflow types that the code registers; undefined where the replayer cannot tell. */
  readonly registeredTypes: ReadonlySet<string> | undefined;
  /** What may register more, and was not looked into. */
  readonly skipped?: readonly Skipped[];
  readonly policy: {
    /** Absent: `predict`. */
    readonly closed?: Policy['closed'];
    readonly onNoClaim: 'pass' | 'fail' | 'check' | 'advise';
    readonly onUnknownBuild: 'fail' | 'pass';
    /** Undefined: `fail`, because a title claimed it. */
    readonly onNoHistories: 'fail' | 'warn' | 'pass' | undefined;
  };
}
