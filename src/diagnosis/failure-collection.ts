import type { HistoryReader } from '../engine/history-reader.js';
import { byListing } from '../model/coverage.js';
import type { Execution } from '../model/execution.js';
import { isBreak } from '../model/outcome.js';
import { replayRequest, type JudgedRead } from '../replay/replay-histories.js';
import type { ResultMessage } from '../replay/protocol.js';
import type { ReplayerProcess } from '../replay/replayer-process.js';
import type { Replayers } from '../replay/replayers.js';
import type { Failure } from './failure.js';
import { resemblanceOf } from './signature.js';

/** How many failing histories of one signature are replayed a second time, with recording on. */
const RECORDED_PER_SIGNATURE = 10;

/** How often one history of each kind is replayed in all, to see whether the code always does the same. */
const REPLAYS_IN_ALL = 5;

/** How many kinds of failures are repeated in this way. */
const REPEATED_KINDS = 10;

/** A recorded replay is repeated only if it took at most this many milliseconds. */
const REPEATED_MS = 2_000;

/** The most bytes of failing histories that are kept, because the parent's memory must stay bounded. */
const KEPT_BYTES = 64 * 1024 * 1024;

export type ReadWithHistory = Extract<JudgedRead['read'], { kind: 'read' }>;

/** A failure whose history is kept, so that it can be replayed again. */
export interface KeptFailure {
  failure: Failure;
  readonly read: ReadWithHistory;
}

/**
 * The failures of a run. To know a failure's lines, its history must be replayed again with recording on. That is
 * done for some failing histories of each kind only. Every failure counts, kept or not.
 */
export class FailureCollection {
  private readonly failures: (KeptFailure | { readonly failure: Failure })[] = [];
  private keptBytes = 0;
  private readonly reader: HistoryReader;

  constructor(reader: HistoryReader) {
    this.reader = reader;
  }

  add({ read, outcome, result }: JudgedRead): void {
    if (!isBreak(outcome) || result === undefined || read.kind !== 'read') return;
    const resemblance = resemblanceOf(outcome, read.history.bytes, this.reader);
    const failure = { outcome: outcome as Failure['outcome'], result, ...resemblance };
    const size = read.history.bytes.length;
    if (this.keptBytes + size > KEPT_BYTES) {
      this.failures.push({ failure });
      return;
    }
    this.keptBytes += size;
    this.failures.push({ failure, read });
  }

  get all(): Failure[] {
    return this.failures.map((entry) => entry.failure);
  }

  /** The failures that can be replayed again. */
  get kept(): KeptFailure[] {
    return this.failures.filter((entry): entry is KeptFailure => 'read' in entry);
  }

  /**
   * Replays some failures once more with recording on. Replays end in any order, so the order of the listing decides
   * which failures of a kind are taken. Every kind gets its first turn before any kind gets a second. A failure that
   * cannot be recorded stays as it is.
   *
   * @returns whether there was time for all of them
   */
  async record(
    replayers: Replayers,
    limitMs: number,
    stop: AbortSignal,
    listed: readonly Execution[] = [],
  ): Promise<boolean> {
    const ofKind = new Map<string, KeptFailure[]>();
    for (const entry of byListing(listed, this.kept, ({ failure }) => failure.outcome)) {
      // If the code threw, its stack already tells the line.
      if (entry.failure.outcome.kind !== 'nondeterministic') continue;
      const { signature } = entry.failure;
      const entries = ofKind.get(signature) ?? [];
      ofKind.set(signature, entries);
      entries.push(entry);
    }
    const wanted = [...ofKind.values()]
      .flatMap((entries) =>
        entries.slice(0, RECORDED_PER_SIGNATURE).map((entry, number) => ({ entry, number })),
      )
      .sort((a, b) => a.number - b.number)
      .map(({ entry }) => entry);
    return recordEach(wanted, replayers, limitMs, stop, (entry, result) => {
      entry.failure = {
        ...entry.failure,
        recorded: { history: entry.read.history.bytes, result },
      };
    });
  }

  /**
   * Replays one failure of each kind several times. If the same history gives other commands from replay to replay,
   * the code reads something that replay does not restore.
   *
   * @returns whether there was time for all of them
   */
  async repeat(replayers: Replayers, limitMs: number, stop: AbortSignal): Promise<boolean> {
    const ofKind = new Map<string, KeptFailure>();
    for (const entry of this.kept) {
      const { recorded, signature } = entry.failure;
      if (recorded === undefined || ofKind.has(signature)) continue;
      if ((recorded.result.durationMs ?? 0) <= REPEATED_MS) ofKind.set(signature, entry);
    }
    const repeated = [...ofKind.values()]
      .slice(0, REPEATED_KINDS)
      .flatMap((entry) => Array.from({ length: REPLAYS_IN_ALL - 1 }, () => entry));
    const varying = new Set<string>();
    const areRepeated = await recordEach(
      repeated,
      replayers,
      limitMs,
      stop,
      ({ failure }, result) => {
        if (failure.recorded === undefined || issuesTheSame(failure.recorded.result, result))
          return;
        varying.add(failure.signature);
      },
    );
    for (const entry of this.kept) {
      const { recorded, signature } = entry.failure;
      if (recorded === undefined || !varying.has(signature)) continue;
      entry.failure = { ...entry.failure, recorded: { ...recorded, varies: true } };
    }
    return areRepeated;
  }
}

/** Whether two replays issued the same commands. Their lines do not count. */
function issuesTheSame(one: ResultMessage, other: ResultMessage): boolean {
  const issued = ({ outcome, commands = [] }: ResultMessage): string =>
    JSON.stringify([
      outcome,
      commands.map(({ command, name, id, historyLength, elided }) => [
        command,
        name,
        id,
        historyLength,
        elided,
      ]),
    ]);
  return issued(one) === issued(other);
}

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
  onRecorded: (entry: Entry, result: NonNullable<Failure['recorded']>['result']) => void,
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
      // Recording gets more time than a plain replay, because it bundles again and takes stacks.
      const answer = await endedBy(stop, replayer, (one) =>
        one.replay(replayRequest(entry.read, true), limitMs * 4),
      );
      if (answer.kind === 'result') onRecorded(entry, answer.result);
      else if (stop.aborted) isWhole = false;
    }
  };
  await Promise.all(replayers.processes(work));
  return isWhole;
}

/** Kills the process when `stop` aborts. That also ends the work under way in it. */
async function endedBy<Answer>(
  stop: AbortSignal,
  replayer: ReplayerProcess,
  work: (replayer: ReplayerProcess) => Promise<Answer>,
): Promise<Answer> {
  const kill = (): void => replayer.kill();
  stop.addEventListener('abort', kill, { once: true });
  try {
    return await work(replayer);
  } finally {
    stop.removeEventListener('abort', kill);
  }
}
