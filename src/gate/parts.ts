import type { ResolvedTarget, ListedExecutions } from '../model/resolved-target.js';
import type { Subject } from '../model/subject.js';
import type { HistoryReader } from '../engine/history-reader.js';
import type { ClaimPosition, ClaimedBuild } from '../model/claim.js';
import type { Budget, Policy } from '../model/settings.js';
import type { Effort } from '../model/estimate.js';
import type { Execution } from '../model/execution.js';
import type { HistoryRead } from '../model/history.js';
import type { NoMatch } from '../model/no-match.js';
import type { LinesEdit } from '../model/proof.js';
import type { Target } from '../model/target.js';
import type { Deadline } from '../pipeline/deadline.js';
import type { Replayers } from '../replay/replayers.js';
import type { Evidence } from '../verdict/evidence.js';

/** The part of the settings that the gate itself reads. */
export interface GateSettings {
  readonly claimPosition: ClaimPosition;
  /** Takes the place of the title's claim. */
  readonly buildId?: string | undefined;
  readonly passesUnclaimedForks: boolean;
  /** Absolute real path of the checkout. */
  readonly workspace: string;
  readonly budget: Budget;
  readonly policy: Policy;
}

/** The part of it that the replay stage reads. */
export interface ReplaySettings extends Pick<GateSettings, 'workspace'> {
  readonly budget: Pick<Budget, 'historyTimeoutMs'>;
  /** The report stage judges drift; this stage only needs to know whether to look for it. */
  readonly policy: Pick<Policy, 'drift'>;
}

/** The code before this change, in a second checkout. */
export type Baseline =
  /** The input asks for it, but it cannot be used; `explanation` says why. */
  | { readonly kind: 'unusable'; readonly explanation: string }
  | {
      readonly kind: 'usable';
      readonly commit: string;
      /** Absolute real path of the checkout's root. */
      readonly directory: string;
      /** Starts replay processes of its own, once: called only when there is something to replay. */
      readonly startReplayers: () => Replayers;
    };

/** Where the title and the commits come from: GitHub, or the command line. */
export type SubjectParts = Pick<GateParts, 'readSubject' | 'checkSubject' | 'recheckSubject'>;

/** What the stage that holds the credentials needs. */
export type FetchParts = Pick<
  GateParts,
  | 'now'
  | 'seed'
  | 'cancelled'
  | 'readSubject'
  | 'resolveTarget'
  | 'claimable'
  | 'listExecutions'
  | 'explainNoMatch'
  | 'readRetention'
>;

/** What the stage that runs code under test needs. Nothing of it reaches a server. */
export type ReplayParts = Pick<
  GateParts,
  | 'cancelled'
  | 'deadline'
  | 'checkSubject'
  | 'startReplayers'
  | 'openBaseline'
  | 'tryEdits'
  | 'reader'
  | 'progress'
>;

/** What the stage that decides needs. */
export type ReportParts = Pick<
  GateParts,
  'cancelled' | 'recheckSubject' | 'findLeftByReset' | 'effort' | 'close'
>;

/** Everything outside of the gate: the network, the clock, processes and files. */
export interface GateParts {
  now(): Date;
  /** A whole number. All random choices of a run follow from it. */
  readonly seed: number;
  /** Aborted when the job is cancelled. */
  readonly cancelled: AbortSignal;
  /** One for all claims of a job. */
  readonly deadline: Deadline;
  readSubject(): Promise<Subject>;
  /** Says what is wrong with the checkout, if anything. */
  checkSubject(subject: Subject): Promise<Evidence['wrongSubject']>;
  /** Reads the subject again and says what moved, if anything. */
  recheckSubject(subject: Subject): Promise<Evidence['wrongSubject']>;
  /** Reads the histories of the engine that runs the code under test. */
  readonly reader: HistoryReader;
  /** `reach`: whether to count which lines the replays run. */
  startReplayers(options: { readonly reach: boolean }): Replayers;
  /** Undefined where no baseline is asked for. */
  openBaseline(subject: Subject): Promise<Baseline | undefined>;
  /**
   * Runs work with replay processes of a copy of the code under test that holds these edits. One call at a time.
   *
   * @throws UserError where the code cannot be copied, or the edited code cannot be replayed
   */
  tryEdits(
    edits: readonly LinesEdit[],
    stop: AbortSignal,
    work: (replayers: Replayers) => Promise<void>,
  ): Promise<void>;
  resolveTarget(claim: ClaimedBuild): Promise<ResolvedTarget>;
  /** A sentence that lists what a title can claim; empty where it is not known. Rejects only when the job is cancelled. */
  claimable(): Promise<string>;
  listExecutions(target: Target): Promise<ListedExecutions>;
  /** Called only when nothing was listed. Never rejects for an answer of the server. */
  explainNoMatch(target: Target): Promise<NoMatch>;
  /** How long closed executions are kept, in milliseconds; undefined where that is not known. */
  readRetention(): Promise<number | undefined>;
  /** In the order of `executions`; ends early when `stop` is aborted. */
  readHistories(executions: readonly Execution[], stop: AbortSignal): AsyncIterable<HistoryRead>;
  /**
   * The keys of those closed executions that a reset has replaced by another run. Asks only about some of them
   * where there are many.
   */
  findLeftByReset(executions: readonly Execution[]): Promise<ReadonlySet<string>>;
  progress(done: number, of: number): void;
  /** What was asked of the server so far; undefined where there is no server. */
  effort(): Effort | undefined;
  /** Ends every process and connection. */
  close(): Promise<void>;
}
