import type { Isolation } from '../model/isolation.js';
import type { ReplayerDescription } from '../model/report.js';
import type { Skipped } from '../model/skipped.js';
import type { ReachAnswer } from './reach-collection.js';
import type { ReplayerProcess } from './replayer-process.js';

/** What the gate knows about the replayer, once it is ready. */
export interface ReadyReplayer extends ReplayerDescription {
  /** Undefined where the replayer cannot tell. */
  readonly workflowTypes: readonly string[] | undefined;
  /** That the code takes any type is a reason to know none, and no failure to read them. */
  readonly takesAnyType?: true;
  /** What may register more, and was not looked into; absent where nothing was left out. */
  readonly skipped?: readonly Skipped[];
  /** Absent where it is not known. */
  readonly isolation?: Isolation;
  /** Where chance can differ in what the code holds; absent where the replayer cannot tell. */
  readonly chance?: 'none' | 'replay' | 'process';
}

/** The replay processes of one run. */
export interface Replayers {
  /** @throws UserError when the workflow code cannot be replayed at all */
  ready(): Promise<ReadyReplayer>;
  /** Says how many histories there are. This decides how many processes are worth starting. */
  setWork(histories: number): void;
  /** Runs `work` once for each process that may work at a time. */
  lanes(work: (lane: number) => Promise<void>): Promise<void>[];
  /** Runs `work` once for each process, with the process's number for `take`. */
  processes(work: (process: number) => Promise<void>): Promise<void>[];
  /** The process of a lane, or with a number. A new one takes its place if it has ended. */
  take(lane: number): Promise<ReplayerProcess>;
  /** Ends all processes and gives a new one that has the machine for itself. */
  takeFresh(): Promise<ReplayerProcess>;
  /**
   * Runs `work` once with each of so many further processes, in which chance decides otherwise: where a language
   * has seeds, each has another, and every run has the same. They end after their work.
   */
  others(count: number, work: (replayer: ReplayerProcess) => Promise<void>): Promise<void>;
  /** Whether the processes count which lines they run. Known once one is ready. */
  readonly countsReach: boolean;
  /** Which lines of the code under test the replays have run. Call it only while no replay is under way. */
  reach(): Promise<ReachAnswer>;
}
