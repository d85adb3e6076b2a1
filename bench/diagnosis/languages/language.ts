import type { ReplayerPool } from '../../../src/replay/replayer-pool.js';
import type { Edit } from '../edits/edit.js';
import type { Base } from '../edits/generate.js';
import type { Scenario } from '../scenarios.js';

/** The languages that there is a corpus in. */
export type CorpusLanguageName = 'typescript' | 'python' | 'go' | 'java';

/** One language's corpus: its workflows, how they are driven, and what is changed in them. */
export interface CorpusLanguage {
  readonly name: CorpusLanguageName;
  /** Edits that are under way at the same time. */
  readonly lanes: number;
  readonly scenarios: readonly Scenario[];
  /**
   * Fields of events that differ between two runs of the same code, besides those of every language: of SDKs
   * that draw IDs from the Run ID.
   */
  readonly passing: readonly string[];
  /** Whether its worker closes an execution without comparing with history, as only its replayer does. */
  readonly closesUnchecked?: boolean;
  readonly bases: () => Promise<Base[]>;
  /** @param seed chooses where edits that are generated apply */
  readonly edits: (bases: readonly Base[], seed: number) => Edit[];
  /**
   * @param folder where all code is written
   * @throws Error where the language's toolchain is missing
   */
  readonly open: (folder: string) => Promise<Workbench>;
}

/** One edit's code, or a base's. */
export interface Code {
  /** Absolute path of the folder that holds the workflows. */
  readonly folder: string;
  /** Path of the workflow's file in it. */
  readonly file: string;
}

/** Where a worker polls. */
export interface Poll {
  readonly address: string;
  readonly namespace: string;
  readonly taskQueue: string;
}

export interface RunningWorker {
  /** Settles when it has ended, whether it was stopped or not. */
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
}

/** What makes code of a language run: workers for the truth, and the replayer as it is shipped. */
export interface Workbench {
  /** Hash of all that a worker runs besides the workflow's file. */
  readonly surroundings: string;
  /** Hash of what replays: another one may say something else. */
  readonly replayer: string;
  /** Writes a workflow's file, with what it needs, into a folder of this name. */
  write(name: string, file: string, text: string): Promise<Code>;
  /** Resolves when it polls. */
  startWorker(code: Code, poll: Poll): Promise<RunningWorker>;
  /** The gate's own pool, of one process. */
  startReplayers(code: Code, signal: AbortSignal): Promise<ReplayerPool>;
  /** Removes what only the replays of this code needed. */
  forgetReplays(code: Code): Promise<void>;
  close(): Promise<void>;
}
