import { isOpen, type Execution } from '../model/execution.js';
import type { ResultMessage } from '../replay/protocol.js';
import type { JudgedRead } from '../replay/replay-histories.js';
import type { Replayers } from '../replay/replayers.js';
import { recordEach, type ReadWithHistory } from './record-each.js';

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
  /** All executions that pass, by workflow type and shape. */
  private readonly alike = new Map<string, Execution[]>();
  private readonly results = new Map<ReadWithHistory, ResultMessage>();

  add({ read, outcome }: JudgedRead): void {
    if (outcome.kind !== 'passed' || read.kind !== 'read') return;
    const { workflowType } = read.execution;
    const alike = this.alike.get(shapeKey(read));
    if (alike === undefined) this.alike.set(shapeKey(read), [read.execution]);
    else alike.push(read.execution);
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

  /** One history of each shape, the most useful ones first. Every workflow type has one before any has two. */
  onePerShape(most: number): ReadWithHistory[] {
    const turns = [...this.types.values()].flatMap((shapes) =>
      [...shapes.values()]
        .flatMap(([first]) => first ?? [])
        .sort(byWorth)
        .map((read, turn) => ({ read, turn })),
    );
    return turns
      .sort((a, b) => a.turn - b.turn)
      .slice(0, most)
      .map(({ read }) => read);
  }

  /** Keeps the recorded replay of a history. */
  keep(read: ReadWithHistory, result: ResultMessage): void {
    this.results.set(read, result);
  }

  /** Takes out all histories of a shape. */
  takeShape(read: ReadWithHistory): readonly Execution[] {
    const { execution, history } = read;
    this.types.get(execution.workflowType)?.delete(history.shape);
    return (this.alike.get(shapeKey(read)) ?? []).filter((one) => one !== execution);
  }

  /** Replays the histories with recording on. Those that cannot be recorded, or do not pass again, are left out. */
  async record(
    replayers: Replayers,
    limitMs: number,
    stop: AbortSignal,
  ): Promise<RecordedSample[]> {
    const { reads } = this;
    const entries = reads.filter((read) => !this.results.has(read)).map((read) => ({ read }));
    await recordEach(entries, replayers, limitMs, stop, ({ read }, result) => {
      this.keep(read, result);
    });
    // The replays end in any order, so the order of the histories is restored.
    return reads.flatMap((read) => {
      const result = this.results.get(read);
      return result?.outcome === 'passed' ? [{ read, result }] : [];
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
    b.history.eventCount - a.history.eventCount ||
    // Replays end in any order, and what is looked into must not depend on it.
    (a.execution.runId < b.execution.runId ? -1 : Number(a.execution.runId > b.execution.runId))
  );
}

function shapeKey({ execution, history }: ReadWithHistory): string {
  return JSON.stringify([execution.workflowType, history.shape]);
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
