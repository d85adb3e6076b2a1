import type { HistoryReader } from '../engine/history-reader.js';
import type { RecordedHistory } from '../engine/recorded-history.js';
import type { TimelineRow } from '../model/timeline.js';
import { layBeside, type Alignment } from './align.js';
import { placesWithSource } from './places-with-source.js';
import type { Checkouts, Failure } from './failure.js';
import { timelineOf } from './timeline.js';

/** The recorded replay beside history, and beside the baseline where that was recorded too. */
export function timelineBeside(
  { baseline }: Failure,
  history: RecordedHistory,
  alignment: Alignment,
  checkouts: Checkouts,
  { commandWords }: HistoryReader,
): TimelineRow[] {
  const there = baseline?.recorded?.commands;
  return timelineOf(
    alignment,
    commandWords,
    placesWithSource(checkouts.workspace),
    there === undefined || checkouts.baseline === undefined
      ? undefined
      : { pairs: layBeside(history, there).pairs, locate: placesWithSource(checkouts.baseline) },
  );
}
