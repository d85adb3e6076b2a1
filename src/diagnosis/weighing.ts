import type { Execution } from '../model/execution.js';
import type { Weight } from '../model/finding.js';
import type { Outcome } from '../model/outcome.js';
import type { Policy } from '../model/settings.js';

/** What weighing needs to know besides the findings. */
export interface WeighingContext extends Pick<Policy, 'closed' | 'closedWindowMs'> {
  /** Builds whose workers can still get tasks; empty where they are not known. */
  readonly liveBuildIds: ReadonlySet<string>;
  /** Those among them of which the server could not say what is pinned to them. */
  readonly perhapsLiveBuildIds?: ReadonlySet<string>;
  /** Whether a title, or an input in its place, names the version, so that its pinned executions are claimed too. */
  readonly isVersionNamed: boolean;
  /** When the executions were listed; milliseconds since 1970. */
  readonly asOf: number;
  readonly listed: readonly Execution[];
  /** Whether the listing was cut: then there are executions that it does not show. */
  readonly listingTruncated: boolean;
  /** The outcomes so far. A running execution without one can be anywhere in its code. */
  readonly outcomes: readonly Outcome[];
  /** Keys of closed executions that a reset replaced by another run, beside those whose history shows it. */
  readonly leftByReset?: ReadonlySet<string>;
}

/** What a finding weighs by itself, whoever caused it. */
export type JudgedWeight = Exclude<Weight, { kind: 'pre-existing' }>;

export function historical(why: string): JudgedWeight {
  return { kind: 'historical', reason: `it hits closed executions only, and ${why}` };
}
