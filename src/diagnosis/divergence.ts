import type { HistoryCommand } from '../engine/recorded-history.js';
import type { RecordedCommand, RecordedPatch } from '../replay/protocol.js';
import type { Mismatch, Remainder } from './align.js';
import type { Fate } from './change.js';
import type { Named } from './named-in-source.js';
import type { Frame } from './source-location.js';

/** A replay that diverged from history: the mismatch, and everything that tells its cause. */
export interface DivergingReplay {
  readonly mismatch: Mismatch;
  readonly remainder: Remainder;
  /** All commands that the code issued until the replay ended. */
  readonly commands: readonly RecordedCommand[];
  /** All patches that the code asked for. */
  readonly patches: readonly RecordedPatch[];
  /** The patch that the baseline asked for beside the place of the mismatch, and that the code does not ask for. */
  readonly patchGone: string | undefined;
  /** All commands that history holds. */
  readonly history: readonly HistoryCommand[];
  /** Signals that came with the task of the mismatch and found no handler. */
  readonly unhandledSignals: readonly string[];
  /** Where the code stood when the replay ended. */
  readonly standsAt: Frame | undefined;
  /** Where the code began to wait in the workflow task of the mismatch. */
  readonly waitsInTask: Frame | undefined;
  /** Where the workflow's function or method is declared. */
  readonly definition: Frame | undefined;
  /** Whether this change added the line of a command, or of a call that leads to it. Undefined without a baseline. */
  readonly isNew: (issued: RecordedCommand) => boolean | undefined;
  /** What became of the line that left a command of history. Undefined without a baseline. */
  readonly fateOf: (held: HistoryCommand) => Fate | undefined;
  /**
   * The commands that the source names below a place, in the order in which the code reaches them: as loops go round
   * once, and as they go round again.
   */
  readonly outlooks: (place: Frame) => readonly (readonly Named[])[];
  /** The same without what comes again because a loop goes round. */
  readonly below: (place: Frame) => readonly Named[];
  /** Names of the signals and updates that history holds. */
  readonly received: readonly string[];
  /** Whether the source names a patch below a place. */
  readonly mentionsPatch: (id: string, below: Frame) => boolean;
  /** The line in a place's file that has this name in quotes. */
  readonly quotedIn: (place: Frame, name: string) => Frame | undefined;
}
