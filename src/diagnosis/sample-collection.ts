import { isOpen } from '../model/execution.js';
import type { ResultMessage } from '../replay/protocol.js';
import type { JudgedRead } from '../replay/replay-histories.js';
import type { Replayers } from '../replay/replayers.js';
import { recordEach, type ReadWithHistory } from './failure-collection.js';

/** How many executions of one shape are kept. One alone could be an exception; two hardly are. */
const PER_SHAPE = 2;

/** How many shapes of one workflow type are kept. */
const SHAPES_PER_TYPE = 10;

/** How many replays of a run are recorded. Each takes a few times as long as a plain replay. */
const SAMPLES = 200;

/** The most bytes of histories that are kept. */
const KEPT_BYTES = 16 * 1024 * 1024;

/** A history that passed, and its recorded replay. */
export interface RecordedSample {
  readonly read: ReadWithHistory;
  readonly result: ResultMessage;
}

/**
 * Keeps some histories that pass, to look into what the code does on its way. It keeps two of each shape, and prefers
 * running executions to closed ones. Of the shapes of a workflow type it keeps the longest.
 */
export class SampleCollection {
  /** By workflow type, then by shape. */
  private readonly types = new Map<string, Map<string, ReadWithHistory[]>>();

  add({ read, outcome }: JudgedRead): void {
    if (outcome.kind !== 'passed' || read.kind !== 'read') return;
    const { workflowType } = read.execution;
    const shapes = this.types.get(workflowType) ?? new Map<string, ReadWithHistory[]>();
    this.types.set(workflowType, shapes);
    const { shape } = read.history;
    const kept = [...(shapes.get(shape) ?? []), read].sort(byWorth);
    shapes.set(shape, kept.slice(0, PER_SHAPE));
    if (shapes.size > SHAPES_PER_TYPE) dropShape(shapes);
    while (this.bytes > KEPT_BYTES || this.reads.length > SAMPLES) this.dropOne();
  }

  /** The histories that are kept; for each workflow type, the most useful one first. */
  get reads(): ReadWithHistory[] {
    return [...this.types.values()].flatMap((shapes) => [...shapes.values()].flat().sort(byWorth));
  }

  /** Replays the histories with recording on. Those that cannot be recorded, or do not pass again, are left out. */
  async record(
    replayers: Replayers,
    limitMs: number,
    stop: AbortSignal,
  ): Promise<RecordedSample[]> {
    const results = new Map<ReadWithHistory, ResultMessage>();
    const entries = this.reads.map((read) => ({ read }));
    await recordEach(entries, replayers, limitMs, stop, ({ read }, result) => {
      if (result.outcome === 'passed') results.set(read, result);
    });
    // The replays end in any order, so the order of the entries is restored.
    return entries.flatMap(({ read }) => {
      const result = results.get(read);
      return result === undefined ? [] : [{ read, result }];
    });
  }

  private get bytes(): number {
    return this.reads.reduce((sum, { history }) => sum + history.bytes.length, 0);
  }

  /** Drops from the largest workflow type: a second history of a shape, or else a whole shape. */
  private dropOne(): void {
    const [largest] = [...this.types.values()].sort((a, b) => countIn(b) - countIn(a));
    if (largest === undefined) return;
    const [second] = [...largest.values()]
      .filter((reads) => reads.length > 1)
      .sort((a, b) => bytesOf(b) - bytesOf(a));
    if (second === undefined) dropShape(largest);
    else second.pop();
  }
}

/** Running executions come before closed ones. Then longer histories come first: they show more of the code. */
function byWorth(a: ReadWithHistory, b: ReadWithHistory): number {
  return (
    Number(isOpen(b.execution)) - Number(isOpen(a.execution)) ||
    b.history.eventCount - a.history.eventCount
  );
}

/** Drops the least useful shape. */
function dropShape(shapes: Map<string, ReadWithHistory[]>): void {
  const worst = [...shapes].sort(([, [a]], [, [b]]) =>
    a === undefined || b === undefined ? 0 : byWorth(b, a),
  )[0];
  if (worst !== undefined) shapes.delete(worst[0]);
}

function countIn(shapes: ReadonlyMap<string, readonly ReadWithHistory[]>): number {
  let count = 0;
  for (const reads of shapes.values()) count += reads.length;
  return count;
}

function bytesOf(reads: readonly ReadWithHistory[]): number {
  return reads.reduce((sum, { history }) => sum + history.bytes.length, 0);
}
