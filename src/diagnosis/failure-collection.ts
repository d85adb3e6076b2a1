import type { HistoryReader } from '../engine/history-reader.js';
import { byListing } from '../model/coverage.js';
import type { Execution } from '../model/execution.js';
import { isBreak, type Outcome } from '../model/outcome.js';
import type { JudgedRead } from '../replay/replay-histories.js';
import type { ResultMessage } from '../replay/protocol.js';
import { repeatsOfFailing, repeatsOfPassing, type Repeats } from '../replay/repeats.js';
import type { ReadyReplayer, Replayers } from '../replay/replayers.js';
import { chanceIn, type Chance } from './chance.js';
import type { Failure } from './failure.js';
import { recordEach, repeatEach, type ReadWithHistory } from './record-each.js';
import { resemblanceOf } from './signature.js';

/** How many failing histories of one signature are replayed a second time, with recording on. */
const RECORDED_PER_SIGNATURE = 10;

/** How many kinds of failures are repeated in this way. */
const REPEATED_KINDS = 10;

/** The most bytes of failing histories that are kept, because the parent's memory must stay bounded. */
const KEPT_BYTES = 64 * 1024 * 1024;

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
  private readonly failures: (KeptFailure | { failure: Failure })[] = [];
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
      const { outcome, result, signature } = entry.failure;
      // If the code threw, its stack already tells the line. A payload's error has no line of the code.
      const isThrow = outcome.kind === 'task-failed' && result.undecoded === undefined;
      if (isThrow) continue;
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
   * the code depends on chance, and so do all failures of that kind.
   *
   * @returns whether there was time for all of them
   */
  async repeat(
    replayers: Replayers,
    replayer: Pick<ReadyReplayer, 'language' | 'chance'>,
    limitMs: number,
    stop: AbortSignal,
  ): Promise<boolean> {
    const examples = this.examples(({ chance, outcome }) => {
      return chance === undefined && outcome.kind === 'nondeterministic';
    });
    const throwing = this.examples(({ outcome }) => outcome.kind === 'task-failed');
    const turns: readonly (readonly [KeptFailure[], Repeats])[] = [
      [examples.slice(0, REPEATED_KINDS), repeatsOfFailing(replayer)],
      [throwing.slice(0, REPEATED_KINDS), repeatsOfPassing(replayer)],
    ];
    let isWhole = true;
    for (const [entries, repeats] of turns) {
      const results = await resultsOf(entries, repeats, replayers, limitMs, stop);
      isWhole &&= results.isWhole;
      for (const entry of entries) {
        const chance = chanceIn([entry.failure.result, ...results.of(entry)]);
        if (chance !== undefined) this.byChance(entry, chance);
      }
    }
    return isWhole;
  }

  /** A history that passed, and whose replays differ: the code depends on chance. */
  addChance(read: ReadWithHistory, chance: Chance, alike: readonly Execution[]): void {
    const { execution, history } = read;
    const signature = JSON.stringify(['chance', execution.workflowType, history.shape]);
    this.failures.push({
      read,
      failure: {
        signature,
        task: {},
        outcome: { execution, ...BY_CHANCE },
        result: chance.shown,
        recorded: { history: history.bytes, result: chance.shown },
        chance,
        alike,
      },
    });
  }

  /** What an outcome is, now that the failures were looked into: by chance alone it may have been another. */
  judged(outcomes: readonly Outcome[]): readonly Outcome[] {
    const byChance = new Set<Execution>();
    for (const { chance, outcome, alike = [] } of this.all) {
      if (chance === undefined) continue;
      for (const execution of [outcome.execution, ...alike]) byChance.add(execution);
    }
    if (byChance.size === 0) return outcomes;
    return outcomes.map((outcome) =>
      byChance.has(outcome.execution) ? { ...outcome, ...BY_CHANCE } : outcome,
    );
  }

  /** The first failure of each kind. */
  examples(isWanted: (failure: Failure) => boolean): KeptFailure[] {
    const ofKind = new Map<string, KeptFailure>();
    for (const entry of this.kept) {
      const { signature } = entry.failure;
      if (isWanted(entry.failure) && !ofKind.has(signature)) ofKind.set(signature, entry);
    }
    return [...ofKind.values()];
  }

  private byChance(example: KeptFailure, chance: Chance): void {
    const { signature } = example.failure;
    for (const entry of this.failures) {
      const { failure } = entry;
      if (failure.signature !== signature) continue;
      entry.failure = { ...failure, outcome: { ...failure.outcome, ...BY_CHANCE }, chance };
    }
    const { history } = example.read;
    example.failure = {
      ...example.failure,
      recorded: { history: history.bytes, result: chance.shown },
    };
  }
}

/** No replay of such a history says more than another, so no outcome is left to chance. */
const BY_CHANCE = {
  kind: 'nondeterministic',
  message:
    'replays of this history differ from each other: the code does not do the same each time',
} as const;

interface Results {
  readonly of: (entry: KeptFailure) => readonly ResultMessage[];
  /** Whether there was time for all of them. */
  readonly isWhole: boolean;
}

/** Recorded replays of each entry: the one that there is, or a first one, and the repeats. */
export async function resultsOf(
  entries: readonly KeptFailure[],
  repeats: Repeats,
  replayers: Replayers,
  limitMs: number,
  stop: AbortSignal,
  first: (entry: KeptFailure) => ResultMessage | undefined = ({ failure }) =>
    failure.recorded?.result,
): Promise<Results> {
  const results = new Map<KeptFailure, ResultMessage[]>();
  const keep = (entry: KeptFailure, result: ResultMessage): void => {
    results.set(entry, [...(results.get(entry) ?? []), result]);
  };
  const of = (entry: KeptFailure): ResultMessage[] => results.get(entry) ?? [];
  if (repeats.again + repeats.others === 0) return { of, isWhole: true };
  for (const entry of entries) {
    const result = first(entry);
    if (result !== undefined) keep(entry, result);
  }
  const unrecorded = entries.filter((entry) => !results.has(entry));
  const areRecorded = await recordEach(unrecorded, replayers, limitMs, stop, keep);
  const areRepeated = await repeatEach(
    entries,
    (entry) => of(entry)[0],
    repeats,
    replayers,
    limitMs,
    stop,
    keep,
  );
  return { of, isWhole: areRecorded && areRepeated };
}
