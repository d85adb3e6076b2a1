import type { HistoryReader } from '../engine/history-reader.js';
import { isBreak } from '../model/outcome.js';
import { replayHistories, type ReplayLimits, type JudgedRead } from '../replay/replay-histories.js';
import type { Replayers } from '../replay/replayers.js';
import type { BaselineFailure, Failure } from './failure.js';
import { recordEach, type FailureCollection, type ReadWithHistory } from './failure-collection.js';

/**
 * Replays the failing histories on the baseline, which tells who broke them. Where the baseline
 * passes, some are recorded there too: that gives the line that history's event came from.
 *
 * A break counts as pre-existing only if the baseline broke in the same way. Any other break counts as this
 * change's.
 *
 * @returns whether there was time for all of them
 */
export async function compareWithBaseline(
  failures: FailureCollection,
  replayers: Replayers,
  limits: ReplayLimits,
  reader: HistoryReader,
): Promise<boolean> {
  const { kept } = failures;
  const byRead = new Map(kept.map((entry) => [entry.read, entry]));
  replayers.setWork(kept.length);
  await replayHistories(each([...byRead.keys()]), replayers, limits, (judged) => {
    const entry = judged.read.kind === 'read' ? byRead.get(judged.read) : undefined;
    if (entry === undefined) return;
    entry.failure = { ...entry.failure, baseline: onBaseline(entry.failure, judged, reader) };
  });
  const introduced = kept.filter(
    ({ failure }) => failure.recorded !== undefined && failure.baseline?.relation === 'introduced',
  );
  const { historyTimeoutMs, stop } = limits;
  const areCompared = !stop.aborted || kept.every(({ failure }) => failure.baseline !== undefined);
  const areRecorded = await recordEach(
    introduced,
    replayers,
    historyTimeoutMs,
    stop,
    (entry, result) => {
      entry.failure = {
        ...entry.failure,
        baseline: { relation: 'introduced', recorded: result },
      };
    },
  );
  return areCompared && areRecorded;
}

function onBaseline(
  failure: Failure,
  { outcome }: JudgedRead,
  reader: HistoryReader,
): BaselineFailure {
  if (outcome.kind === 'passed') return { relation: 'introduced' };
  const message = outcome.message ?? '';
  if (!isBreak(outcome)) return { relation: 'not-compared', message };
  const here = reader.readMessage(failure.outcome.message ?? '');
  const there = reader.readMessage(message);
  // At the same event, or in the same words where no event is named. Another release of the SDK may use
  // other words.
  const isSame =
    outcome.kind === failure.outcome.kind &&
    (here.words === there.words || (here.eventId !== undefined && here.eventId === there.eventId));
  return { relation: isSame ? 'pre-existing' : 'fails-otherwise', message };
}

async function* each(reads: readonly ReadWithHistory[]): AsyncGenerator<ReadWithHistory> {
  await Promise.resolve();
  yield* reads;
}
