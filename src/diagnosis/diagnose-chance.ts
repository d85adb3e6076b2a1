import type { HistoryReader } from '../engine/history-reader.js';
import type { RecordedHistory } from '../engine/recorded-history.js';
import type { Divergence } from '../model/finding.js';
import type { RecordedCommand } from '../replay/protocol.js';
import { layBeside, type Mismatch } from './align.js';
import { baselineView } from './baseline-view.js';
import type { Chance } from './chance.js';
import type { Diagnosis } from './diagnosis.js';
import { divergenceOf, locator, type Locator } from './divergence-of.js';
import type { ComparedCheckouts } from './change.js';
import { divergingReplay } from './diverging-replay.js';
import type { Failure } from './failure.js';
import { eventIdAt } from './mismatch-in-history.js';
import { placeOf, type Place } from './place.js';
import { timelineBeside } from './timeline-beside.js';

/** Replays of the history differ from each other: the line is where they part, and the rest is of one of them. */
export function diagnoseChance(
  failure: Failure,
  { shown, partsAt }: Chance,
  history: RecordedHistory,
  checkouts: ComparedCheckouts,
  reader: HistoryReader,
): Diagnosis {
  const locate = locator(checkouts.workspace);
  const { commands = [] } = failure.recorded?.result ?? shown;
  const alignment = layBeside(history, commands);
  const { mismatch } = alignment;
  const isPlaced = locate(partsAt).location !== undefined;
  const place = isPlaced && partsAt !== undefined ? { at: partsAt } : placeOfChance();
  function placeOfChance(): Place {
    if (mismatch === undefined) return { at: shown };
    const { replay, clues } = divergingReplay(failure, history, alignment, mismatch, checkouts);
    return placeOf('nondeterministic-source', replay, clues) ?? { at: shown };
  }
  return {
    divergence: divergenceOfChance(mismatch, partsAt, place, locate, reader),
    cause: 'nondeterministic-source',
    timeline: timelineBeside(failure, history, alignment, checkouts, reader),
    task: history.taskAt(mismatch === undefined ? undefined : eventIdAt(mismatch)),
    ...(checkouts.baseline === undefined
      ? {}
      : {
          baseline: baselineView(failure.baseline, history, mismatch, checkouts.baseline, reader),
        }),
  };
}

function divergenceOfChance(
  mismatch: Mismatch | undefined,
  partsAt: RecordedCommand | undefined,
  place: Place,
  locate: Locator,
  reader: HistoryReader,
): Divergence {
  if (mismatch !== undefined) {
    return divergenceOf(mismatch, place, locate, 'nondeterministic-source', reader);
  }
  // All of them pass, because history does not hold what they do differently.
  return partsAt === undefined
    ? { kind: 'threw', ...locate(place.at) }
    : {
        kind: 'extra-command',
        command: reader.commandWords(partsAt),
        taskStartedEventId: partsAt.historyLength,
        ...locate(place.at),
      };
}
