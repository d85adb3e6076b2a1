import type { SourceLocation } from './source-location.js';

/** What `drift` does with what replay ignores. */
export const DRIFT_POLICIES = ['off', 'report', 'warn', 'fail'] as const;

export type DriftPolicy = (typeof DRIFT_POLICIES)[number];

/** Why a difference is told, or not. */
export type DriftBasis =
  /** The baseline does as history does, or otherwise than this code. */
  | 'differs-from-baseline'
  /** No baseline tells; several executions show it. */
  | 'several-executions'
  /** No baseline tells, and one execution alone shows it: it is counted, and not told. */
  | 'one-execution';

/** What a replay lets pass though the code does otherwise than history, once for each line and field. */
export interface Drift {
  readonly kind:
    /** Both issue the command, and it carries something else. */
    | 'field'
    /** The code issues a command in a workflow task in which history holds none. */
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
  /** Of the executions that were looked into, those that show it; and of these, those that run. */
  readonly executions: number;
  readonly running: number;
  readonly basis: DriftBasis;
}

/** What one run found, whatever is made of it. */
export type DriftFound = Omit<DriftReview, 'policy'>;

/** What a run found of drift, and how much of it was looked into. */
export interface DriftReview {
  readonly policy: Exclude<DriftPolicy, 'off'>;
  /** Told ones before the others; of each, those that most executions show come first. */
  readonly differences: readonly Drift[];
  /** Executions whose replay was recorded and laid beside their history. */
  readonly compared: number;
  /** Executions that were chosen and could not be: `compared` of them were. */
  readonly chosen: number;
  /** Whether the baseline was recorded too. */
  readonly baseline: boolean;
  /** Encodings of payloads in history that nothing here decodes: those payloads were not compared. Untrusted. */
  readonly undecoded: readonly string[];
}

/** Those that are shown, and that `drift: fail` is about. */
export function toldDrift({ differences }: Pick<DriftReview, 'differences'>): Drift[] {
  return differences.filter(({ basis }) => basis !== 'one-execution');
}
