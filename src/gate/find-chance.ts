import { chanceIn, looseFields } from '../diagnosis/chance.js';
import type { LooseFields } from '../diagnosis/drift.js';
import type { FailureCollection } from '../diagnosis/failure-collection.js';
import { recordEach, repeatEach, type ReadWithHistory } from '../diagnosis/record-each.js';
import type { SampleCollection } from '../diagnosis/sample-collection.js';
import type { Inquiry } from './inquiry.js';
import type { ResultMessage } from '../replay/protocol.js';
import { repeatsOfPassing } from '../replay/repeats.js';

/** So many histories are repeated in every run, one of each shape. */
const SHAPES = 20;

/** Of the histories that were replayed: how many more are repeated. */
const SHARE = 1 / 100;

/**
 * Whether the code does the same each time, of histories that pass. One that passes by chance does not pass: its
 * outcome would be another in the next run. One history of each shape is replayed several times.
 *
 * @param replayed how many histories were replayed
 */
export async function findChance(
  samples: SampleCollection,
  failures: FailureCollection,
  replayed: number,
  { settings, parts, replayers, replayer, warn }: Inquiry,
): Promise<LooseFields> {
  const always = new Set<string>();
  const bySeed = new Set<string>();
  const repeats = repeatsOfPassing(replayer);
  const reads = samples.onePerShape(SHAPES + Math.floor(replayed * SHARE));
  if (repeats.again + repeats.others === 0 || reads.length === 0) return { always, bySeed };
  const stop = parts.deadline.spare();
  const { historyTimeoutMs } = settings.budget;
  const entries = reads.map((read) => ({ read }));
  const first = new Map<ReadWithHistory, ResultMessage>();
  const areRecorded = await recordEach(
    entries,
    replayers,
    historyTimeoutMs,
    stop,
    ({ read }, result) => {
      first.set(read, result);
      samples.keep(read, result);
    },
  );
  const repeated = new Map<ReadWithHistory, ResultMessage[]>();
  const inOthers = new Map<ReadWithHistory, ResultMessage[]>();
  const areRepeated = await repeatEach(
    entries.filter(({ read }) => first.has(read)),
    ({ read }) => first.get(read),
    repeats,
    replayers,
    historyTimeoutMs,
    stop,
    ({ read }, result, isOther) => {
      const results = isOther ? inOthers : repeated;
      results.set(read, [...(results.get(read) ?? []), result]);
    },
  );
  for (const read of reads) {
    const here = [first.get(read) ?? [], repeated.get(read) ?? []].flat();
    const all = [...here, ...(inOthers.get(read) ?? [])];
    const chance = chanceIn(all);
    if (chance !== undefined) failures.addChance(read, chance, samples.takeShape(read));
    for (const field of looseFields(here)) always.add(field);
    for (const field of looseFields(all)) bySeed.add(field);
  }
  if (!(areRecorded && areRepeated) && !parts.cancelled.aborted) warn(NO_TIME);
  return { always, bySeed };
}

const NO_TIME =
  'time-budget left no time to replay histories that pass several times, so it is not known whether the code does ' +
  'the same each time (docs/causes/nondeterministic-source.md). Raise time-budget to know.';
