import { executionKey } from '../model/coverage.js';
import { isOpen } from '../model/execution.js';
import type { HistoryRead } from '../model/history.js';
import type { Plan } from '../model/plan.js';
import { MIN_RUNNING, runningStratumOf } from '../verdict/strata.js';

/** The most histories, and bytes of histories, that wait for their turn. */
const MAX_HELD = 1_000;
const MAX_HELD_BYTES = 32 * 1024 * 1024;

type Readable = Extract<HistoryRead, { kind: 'read' }>;

interface Held {
  readonly read: Readable;
  readonly place: number;
  /** Its stratum, for a running execution. */
  readonly stratum: Stratum | undefined;
  readonly shape: Shape;
  readonly isSampled: boolean;
}

interface Shape {
  replayed: number;
}

/** Running executions of one kind. */
interface Stratum {
  replayed: number;
  /** Planned, and not read yet. */
  unread: number;
  /** Held, without those of the sample. */
  held: number;
}

/**
 * Chooses which of the read histories is replayed next.
 *
 * A history whose shape was not replayed yet comes first, then one whose shape was replayed least. Among equals,
 * running comes before closed, and longer before shorter. This is only an order and no evidence: a history that
 * passes never stands for another of its shape.
 *
 * Where fewer histories can be replayed than are read, a part of the budget is kept for the sample, and for as
 * many running executions of every kind as the verdict needs. The rest goes to new shapes. A shape is replayed
 * again only with replays that have no other use.
 */
export class ReplayChoice {
  private readonly sampled: ReadonlySet<string>;
  private readonly maxReplays: number;
  /** Reads with nothing to replay: handed on at once, at no cost. */
  private readonly unreplayed: HistoryRead[] = [];
  private readonly held: Held[] = [];
  private heldBytes = 0;
  private heldSampled = 0;
  private readonly shapes = new Map<string, Shape>();
  private readonly strata = new Map<string, Stratum>();
  private unread: number;
  private unreadSampled: number;
  private replayed = 0;
  private places = 0;

  constructor({ reads, maxReplays, sampled }: Plan) {
    this.maxReplays = maxReplays;
    const planned = new Set(reads.map(executionKey));
    this.sampled = new Set(sampled.map(executionKey).filter((key) => planned.has(key)));
    this.unread = reads.length;
    this.unreadSampled = this.sampled.size;
    for (const execution of reads) {
      if (!isOpen(execution)) continue;
      const name = runningStratumOf(execution);
      const known = this.strata.get(name);
      if (known === undefined) this.strata.set(name, { replayed: 0, unread: 1, held: 0 });
      else known.unread += 1;
    }
  }

  /** Whether another history may be read now. */
  get hasRoom(): boolean {
    if (this.isSpent || this.unreplayed.length >= MAX_HELD) return false;
    return this.held.length === 0 || !this.isFull || this.leastWorth() !== undefined;
  }

  private get isFull(): boolean {
    return this.held.length >= MAX_HELD || this.heldBytes >= MAX_HELD_BYTES;
  }

  /** Whether no further history could be replayed. */
  get isSpent(): boolean {
    return this.replayed >= this.maxReplays;
  }

  /** One of the planned executions, as it was read. */
  add(read: HistoryRead): void {
    const { execution } = read;
    const stratum = isOpen(execution) ? this.strata.get(runningStratumOf(execution)) : undefined;
    const isSampled = this.sampled.has(executionKey(execution));
    this.unread = Math.max(0, this.unread - 1);
    if (isSampled) this.unreadSampled -= 1;
    if (stratum !== undefined) stratum.unread -= 1;
    if (read.kind !== 'read' || read.history.completedTasks === 0) {
      this.unreplayed.push(read);
      return;
    }
    const isFull = this.isFull;
    const shape = this.shapes.get(read.history.shape) ?? { replayed: 0 };
    this.shapes.set(read.history.shape, shape);
    this.hold({ read, place: (this.places += 1), stratum, shape, isSampled });
    const worst = isFull ? this.leastWorth() : undefined;
    if (worst !== undefined) this.release(worst);
  }

  /** Nothing more will be read. */
  end(): void {
    this.unread = 0;
    this.unreadSampled = 0;
    for (const counts of this.strata.values()) counts.unread = 0;
  }

  /** The history to replay next; undefined where it is better to wait for the next read. */
  take(): HistoryRead | undefined {
    const unreplayed = this.unreplayed.shift();
    if (unreplayed !== undefined) return unreplayed;
    if (this.isSpent) return undefined;
    // Not asked where everything can be replayed: counting costs time.
    const spare = this.isSurplus ? this.spare() : Number.POSITIVE_INFINITY;
    let best: Held | undefined;
    for (const one of this.held) {
      if (!this.isAllowed(one, spare)) continue;
      if (best === undefined || this.compare(one, best) < 0) best = one;
    }
    if (best === undefined) return undefined;
    this.release(best);
    this.replayed += 1;
    best.shape.replayed += 1;
    if (best.stratum !== undefined) best.stratum.replayed += 1;
    return best.read;
  }

  /** Replays that are not kept for anything. */
  private spare(): number {
    return this.maxReplays - this.replayed - this.kept();
  }

  /** Replays that are kept for the sample and the verdict's needs, read or not. */
  private kept(): number {
    let kept = this.unreadSampled + this.heldSampled;
    for (const { replayed, unread, held } of this.strata.values()) {
      kept += Math.max(0, Math.min(MIN_RUNNING - replayed, unread + held));
    }
    return kept;
  }

  private isAllowed(one: Held, spare: number): boolean {
    if (!this.isSurplus || this.isWanted(one)) return true;
    if (spare <= 0) return false;
    return this.unread === 0 || one.shape.replayed === 0;
  }

  /** Whether a replay is kept for this history. */
  private isWanted({ isSampled, stratum }: Held): boolean {
    if (isSampled) return true;
    return stratum !== undefined && stratum.replayed < MIN_RUNNING;
  }

  /** Whether more is read than can be replayed. */
  private get isSurplus(): boolean {
    return this.held.length + this.unread > this.maxReplays - this.replayed;
  }

  private compare(a: Held, b: Held): number {
    return (
      a.shape.replayed - b.shape.replayed ||
      Number(b.stratum !== undefined) - Number(a.stratum !== undefined) ||
      b.read.history.eventCount - a.read.history.eventCount ||
      a.place - b.place
    );
  }

  /** The history to give up where more is read than can be replayed; undefined where none can be given up. */
  private leastWorth(): Held | undefined {
    if (!this.isSurplus) return undefined;
    let worst: Held | undefined;
    for (const one of this.held) {
      if (this.isWanted(one)) continue;
      if (worst === undefined || this.compare(one, worst) > 0) worst = one;
    }
    return worst;
  }

  private hold(one: Held): void {
    this.held.push(one);
    this.count(one, 1);
  }

  private release(one: Held): void {
    this.held.splice(this.held.indexOf(one), 1);
    this.count(one, -1);
  }

  private count({ read, stratum, isSampled }: Held, more: 1 | -1): void {
    this.heldBytes += more * read.history.bytes.length;
    if (isSampled) this.heldSampled += more;
    else if (stratum !== undefined) stratum.held += more;
  }
}
