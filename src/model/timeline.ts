import type { SourceLocation } from './source-location.js';

/** A command that code issued. */
export interface TimelineCell {
  /** For example "activity `chargeCard`". The name is untrusted. */
  readonly words: string;
  readonly location?: SourceLocation;
  /** The text of that line, without the space around it. Untrusted. */
  readonly source?: string;
}

/** One step of a history that breaks: what history holds, and what the code issued. */
export interface TimelineRow {
  /** Whether history and the code under test agree here. */
  readonly agrees: boolean;
  /** Absent where the code issued a command that history does not hold. */
  readonly eventId?: number;
  readonly history?: string;
  /** Absent where the code issued nothing, or was not replayed that far. */
  readonly code?: TimelineCell;
  /** Relative to the baseline's root; absent where there is no baseline, or where it breaks too. */
  readonly baseline?: TimelineCell;
}
