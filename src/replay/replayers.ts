import type { Isolation } from '../model/isolation.js';
import type { ReplayerDescription } from '../model/report.js';
import type { ReachAnswer } from './reach-collection.js';
import type { ReplayerProcess } from './replayer-process.js';

/** What the gate knows of the replayer, once it is ready. */
export interface ReadyReplayer extends ReplayerDescription {
  /** Undefined where the replayer cannot tell. */
  readonly workflowTypes: readonly string[] | undefined;
  /** Absent where nothing tells. */
  readonly isolation?: Isolation;
}

/** The replay processes of one run, as those who replay see them. */
export interface Replayers {
  /** @throws UserError when the workflow code cannot be replayed at all */
  ready(): Promise<ReadyReplayer>;
  /** Says how many histories there are, so that it can be decided how many processes are worth starting. */
  setWork(histories: number): void;
  /** Runs `work` once for each process that may work at a time. */
  lanes(work: (lane: number) => Promise<void>): Promise<void>[];
  /** Runs `work` once for each process, with the number by which it takes that one. */
  processes(work: (process: number) => Promise<void>): Promise<void>[];
  /** The process of a lane, or of a number; a new one in its place where it has ended. */
  take(lane: number): Promise<ReplayerProcess>;
  /** Ends all processes and gives a new one that has the machine for itself. */
  takeFresh(): Promise<ReplayerProcess>;
  /** Whether they count which lines they run. Known once one is ready. */
  readonly countsReach: boolean;
  /** Which lines of the code under test the replays have run. To be asked while none is under way. */
  reach(): Promise<ReachAnswer>;
}
