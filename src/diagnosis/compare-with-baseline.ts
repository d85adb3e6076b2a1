import type { HistoryReader } from '../engine/history-reader.js';
import { isBreak } from '../model/outcome.js';
import { replayHistories, type ReplayLimits, type JudgedRead } from '../replay/replay-histories.js';
import type { ResultMessage } from '../replay/protocol.js';
import { repeatsOfFailing, repeatsOfPassing } from '../replay/repeats.js';
import type { ReadyReplayer, Replayers } from '../replay/replayers.js';
import { chanceIn } from './chance.js';
import type { BaselineFailure, Failure } from './failure.js';
import { resultsOf, type FailureCollection } from './failure-collection.js';
import { recordEach, type ReadWithHistory } from './record-each.js';

/** With what its replayer found in the baseline's code. */
export type BaselineLimits = ReplayLimits & Pick<ReadyReplayer, 'chance'>;

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
  limits: BaselineLimits,
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
  const { historyTimeoutMs, stop } = limits;
  const areRepeated = await repeatOnBaseline(failures, replayers, limits);
  const introduced = kept.filter(
    ({ failure }) => failure.recorded !== undefined && failure.baseline?.relation === 'introduced',
  );
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
  return areCompared && areRepeated && areRecorded;
}

/**
 * What one replay on the baseline comes to is chance, too, where its code depends on chance. Two answers would rest
 * on it: that a break is older than this change, and that the code depends on chance only since this change. So one
 * history of each kind is repeated there.
 *
 * @returns whether there was time for all of them
 */
async function repeatOnBaseline(
  failures: FailureCollection,
  replayers: Replayers,
  limits: BaselineLimits,
): Promise<boolean> {
  const isCompared = ({ baseline }: Failure): boolean =>
    baseline !== undefined && baseline.relation !== 'not-compared';
  const chances = failures.examples((one) => one.chance !== undefined && isCompared(one));
  const others = failures.examples(
    ({ chance, baseline }) => chance === undefined && baseline?.relation === 'pre-existing',
  );
  let isWhole = true;
  for (const [examples, repeats] of [
    [chances, repeatsOfFailing(limits)],
    [others, repeatsOfPassing(limits)],
  ] as const) {
    const results = await resultsOf(
      examples,
      repeats,
      replayers,
      limits.historyTimeoutMs,
      limits.stop,
      () => undefined,
    );
    isWhole &&= results.isWhole;
    for (const example of examples) {
      const isChance =
        chanceIn([firstOf(example.failure), results.of(example)].flat()) !== undefined;
      const { signature, chance } = example.failure;
      for (const entry of failures.kept) {
        const { baseline } = entry.failure;
        if (entry.failure.signature !== signature || baseline === undefined) continue;
        if (chance === undefined) {
          if (!isChance || baseline.relation === 'not-compared') continue;
          entry.failure = { ...entry.failure, baseline: { ...baseline, ...OTHERWISE } };
          continue;
        }
        const { relation } = example.failure.baseline ?? baseline;
        entry.failure = {
          ...entry.failure,
          baseline: isChance
            ? { relation: 'pre-existing', isChance }
            : { ...baseline, relation: relation === 'introduced' ? relation : 'fails-otherwise' },
        };
      }
    }
  }
  return isWhole;
}

/** What the first replay on the baseline came to, as far as its relation tells. */
function firstOf({ baseline, outcome, result }: Failure): ResultMessage[] {
  const { type, id } = result;
  switch (baseline?.relation) {
    case 'introduced':
      return [{ type, id, outcome: 'passed' }];
    case 'pre-existing':
      return [{ type, id, outcome: outcome.kind }];
    case 'fails-otherwise':
    case 'not-compared':
    case undefined:
      return [];
  }
}

/** By chance the baseline broke in the same way, and by chance it does not. */
const OTHERWISE = { relation: 'fails-otherwise', isChance: true } as const;

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
