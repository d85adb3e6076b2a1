export const VERDICT_KINDS = ['compatible', 'incompatible', 'inconclusive', 'not-claimed'] as const;

export type VerdictKind = (typeof VERDICT_KINDS)[number];

/** The reason for the verdict, as a word for machines. `summary` is the sentence for people. */
export const VERDICT_REASONS = [
  'all-replayed',
  'some-replayed',
  'decisive-finding',
  'historical-finding',
  'pinned-finding',
  'pre-existing-finding',
  'no-claim',
  'claim-required',
  'malformed-claim',
  'unknown-build',
  'query-mismatch',
  'not-started',
  'empty',
  'nothing-replayed',
  'type-not-replayed',
  'setup-differs',
  'errored',
  'budget',
  'drift',
  'drift-unknown',
  'wrong-checkout',
  'moved',
  'cancelled',
  'error',
] as const;

export type VerdictReason = (typeof VERDICT_REASONS)[number];

export interface Verdict {
  readonly kind: VerdictKind;
  readonly reason: VerdictReason;
  /** One or two sentences for the top of every report. */
  readonly summary: string;
  /** Whether the check is green. Decided with the verdict, in one place. */
  readonly passes: boolean;
  /** Whether a green check that confirmed nothing gets a warning. */
  readonly warns?: boolean;
}
