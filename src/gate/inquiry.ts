import type { ReadyReplayer, Replayers } from '../replay/replayers.js';
import type { BaselineRun } from './baseline-run.js';
import type { Warn } from './ending.js';
import type { Fetched } from './fetched.js';
import type { ReplayParts, ReplaySettings } from './parts.js';

/** What the functions that look into replays work with. */
export interface Inquiry {
  readonly settings: ReplaySettings;
  readonly parts: Pick<ReplayParts, 'cancelled' | 'deadline' | 'reader' | 'tryEdits'>;
  readonly fetched: Pick<Fetched, 'listing' | 'target'>;
  readonly replayers: Replayers;
  readonly replayer: ReadyReplayer;
  /** Undefined where there is no baseline to compare with. */
  readonly baseline: BaselineRun | undefined;
  readonly warn: Warn;
}
