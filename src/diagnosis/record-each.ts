import { replayRequest, type JudgedRead } from '../replay/replay-histories.js';
import type { ResultMessage } from '../replay/protocol.js';
import type { Repeats } from '../replay/repeats.js';
import type { ReplayerProcess } from '../replay/replayer-process.js';
import type { Replayers } from '../replay/replayers.js';

export type ReadWithHistory = Extract<JudgedRead['read'], { kind: 'read' }>;

/** @param isOther whether chance decides otherwise in that process */
type OnRecorded<Entry> = (entry: Entry, result: ResultMessage, isOther: boolean) => void;

/**
 * Replays each entry with recording on. All processes work at the same time, and each takes one entry at a time.
 * `stop` breaks off the replays that are under way.
 *
 * @returns whether there was time for all of them
 */
export async function recordEach<Entry extends { readonly read: ReadWithHistory }>(
  entries: readonly Entry[],
  replayers: Replayers,
  limitMs: number,
  stop: AbortSignal,
  onRecorded: OnRecorded<Entry>,
): Promise<boolean> {
  // All processes take their entries from this iterator.
  const waiting = entries.values();
  let isWhole = true;
  const work = async (process: number): Promise<void> => {
    let replayer: ReplayerProcess | undefined;
    for (const entry of waiting) {
      if (!stop.aborted && replayer?.isUsable !== true) {
        // Without a process only the lines are missing; the failures are kept.
        replayer = await replayers.take(process).catch(() => undefined);
      }
      if (stop.aborted) isWhole = false;
      if (!isWhole || replayer === undefined) return;
      const result = await record(entry.read, replayer, limitMs, stop);
      if (result !== undefined) onRecorded(entry, result, false);
      else if (stop.aborted) isWhole = false;
    }
  };
  await Promise.all(replayers.processes(work));
  return isWhole;
}

/** One replay of an entry that took longer than this many milliseconds is not repeated often. */
const SHORT_MS = 200;

/** How often at least. */
const LEAST_AGAIN = 2;

/** An entry that takes longer than this many milliseconds is not repeated. */
const MOST_MS = 2_000;

/**
 * Replays each entry several times with recording on, in the processes that there are and in further ones, in
 * which chance decides otherwise.
 *
 * @param first a recorded replay of the entry, which tells how long one takes
 * @returns whether there was time for all of them
 */
export async function repeatEach<Entry extends { readonly read: ReadWithHistory }>(
  entries: readonly Entry[],
  first: (entry: Entry) => ResultMessage | undefined,
  { again, others }: Repeats,
  replayers: Replayers,
  limitMs: number,
  stop: AbortSignal,
  onRepeated: OnRecorded<Entry>,
): Promise<boolean> {
  const tookMs = (entry: Entry): number => first(entry)?.durationMs ?? 0;
  const repeated = entries.filter((entry) => tookMs(entry) <= MOST_MS);
  const times = (entry: Entry): number =>
    tookMs(entry) <= SHORT_MS ? again : Math.min(again, LEAST_AGAIN);
  const inTurns = repeated.flatMap((entry) => Array.from({ length: times(entry) }, () => entry));
  const isWhole = await recordEach(inTurns, replayers, limitMs, stop, onRepeated);
  if (!isWhole || repeated.length === 0 || others === 0) return isWhole;
  try {
    await replayers.others(others, async (replayer) => {
      for (const entry of repeated) {
        if (stop.aborted || !replayer.isUsable) return;
        const result = await record(entry.read, replayer, limitMs, stop);
        if (result !== undefined) onRepeated(entry, result, true);
      }
    });
  } catch {
    // A process that does not start takes away an answer and no outcome.
    return false;
  }
  return !stop.aborted;
}

/** @returns undefined where the replay came to no result */
async function record(
  read: ReadWithHistory,
  replayer: ReplayerProcess,
  limitMs: number,
  stop: AbortSignal,
): Promise<ResultMessage | undefined> {
  // Killing the process also ends the work under way in it.
  const kill = (): void => replayer.kill();
  stop.addEventListener('abort', kill, { once: true });
  try {
    // Recording gets more time than a plain replay, because it bundles again and takes stacks.
    const answer = await replayer.replay(replayRequest(read, true), limitMs * 4);
    return answer.kind === 'result' ? answer.result : undefined;
  } finally {
    stop.removeEventListener('abort', kill);
  }
}
