import type { SourceLocation } from './source-location.js';

/** What the input `drift` does with differences that replay ignores. */
export const DRIFT_POLICIES = ['off', 'report', 'warn', 'fail'] as const;

export type DriftPolicy = (typeof DRIFT_POLICIES)[number];

/** Why a difference is told or not told. */
export type DriftBasis =
  /** The baseline agrees with history, or differs from this code. */
  | 'differs-from-baseline'
  /** There is no baseline, and several executions show it. */
  | 'several-executions'
  /** There is no baseline, and only one execution shows it: it is counted, and not told. */
  | 'one-execution';

/** Where the code differs from history and replay passes, once for each line and field. */
export interface Drift {
  readonly kind:
    /** Both have the command, and its content differs. */
    | 'field'
    /**
     * The command itself differs: the code issues it in a workflow task where history has none, or another one
     * (`history`); or history holds it and the code does not issue it (`held`).
     */
    | 'command';
  readonly workflowTypes: readonly string[];
  /** In words: "activity chargeCard". Names in it are untrusted. */
  readonly command: string;
  /** For example `startToCloseTimeout` or `argument 2`. Untrusted. Absent for a command. */
  readonly field?: string;
  /** Both values of one of the executions, in words; absent for payloads, which are never shown. Untrusted. */
  readonly history?: string;
  readonly code?: string;
  /** Which side has the field at all. */
  readonly held?: 'by-both' | 'by-history' | 'by-code';
  readonly location?: SourceLocation;
  /** How many of the recorded executions show it, and how many of these run. */
  readonly executions: number;
  readonly running: number;
  readonly basis: DriftBasis;
}

/** What one run found, before the policy is applied. */
export type DriftFound = Omit<DriftReview, 'policy'>;

/** The drift that a run found, and how many executions it looked into. */
export interface DriftReview {
  readonly policy: Exclude<DriftPolicy, 'off'>;
  /** Told differences come first; within each part, those that most executions show. */
  readonly differences: readonly Drift[];
  /** Executions whose replay was recorded and compared with their history. */
  readonly compared: number;
  /** Executions that were chosen to be compared; `compared` of them were. */
  readonly chosen: number;
  /** Whether the baseline was recorded too. */
  readonly baseline: boolean;
  /** Encodings of payloads in history that nothing here decodes: those payloads were not compared. Untrusted. */
  readonly undecoded: readonly string[];
}

/** The differences that are shown, and that `drift: fail` is about. */
export function toldDrift({ differences }: Pick<DriftReview, 'differences'>): Drift[] {
  return differences.filter(({ basis }) => basis !== 'one-execution');
}
