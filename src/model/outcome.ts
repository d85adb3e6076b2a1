import type { Execution } from './execution.js';

/** The six results that one history can have; see docs/semantics.md. */
export const OUTCOME_KINDS = [
  'passed',
  'nondeterministic',
  'task-failed',
  'errored',
  'skipped',
  'gone',
] as const;

export type OutcomeKind = (typeof OUTCOME_KINDS)[number];

/** The result of one history. All counts are counted from a list of these. */
export interface Outcome {
  readonly execution: Execution;
  readonly kind: OutcomeKind;
  /** The SDK's or the gate's words for anything but `passed`. Untrusted: make it safe before you show it. */
  readonly message?: string;
  /** Wall-clock milliseconds of the replay that decided; absent where nothing was replayed. */
  readonly durationMs?: number;
}

/** Outcomes that show that the code under test cannot go on with that execution. */
export function isBreak(outcome: Pick<Outcome, 'kind'>): boolean {
  return outcome.kind === 'nondeterministic' || outcome.kind === 'task-failed';
}

/** Outcomes that say something about the code under test; the others say nothing. */
export function isJudged(outcome: Pick<Outcome, 'kind'>): boolean {
  return outcome.kind === 'passed' || isBreak(outcome);
}

export function countOutcomes(
  outcomes: Iterable<Pick<Outcome, 'kind'>>,
): Record<OutcomeKind, number> {
  const counts: Record<OutcomeKind, number> = {
    passed: 0,
    nondeterministic: 0,
    'task-failed': 0,
    errored: 0,
    skipped: 0,
    gone: 0,
  };
  for (const outcome of outcomes) counts[outcome.kind] += 1;
  return counts;
}

/** "2 executions could not be judged.", undefined without one. */
export function unjudgedWords(outcomes: readonly Pick<Outcome, 'kind'>[]): string | undefined {
  const { errored } = countOutcomes(outcomes);
  if (errored === 0) return undefined;
  return `${errored} ${errored === 1 ? 'execution' : 'executions'} could not be judged.`;
}
