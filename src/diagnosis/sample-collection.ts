import { isOpen } from '../model/execution.js';
import type { JudgedRead } from '../replay/replay-histories.js';
import type { RecordedPatch } from '../replay/protocol.js';
import type { Replayers } from '../replay/replayers.js';
import { recordEach, type ReadWithHistory } from './failure-collection.js';

/** Histories of one workflow type that are looked into. */
const PER_TYPE = 3;

/** Bytes of histories that are kept in all. */
const KEPT_BYTES = 16 * 1024 * 1024;

/** What the code asked for in one history, as the replayer tells it. */
export interface PatchesOfOne {
  readonly workflowType: string;
  readonly patches: readonly RecordedPatch[];
}

/**
 * Some histories that pass, to look into what the code does on its way: of each workflow type the
 * longest, running ones before closed ones.
 */
export class SampleCollection {
  private readonly byType = new Map<string, ReadWithHistory[]>();

  add({ read, outcome }: JudgedRead): void {
    if (outcome.kind !== 'passed' || read.kind !== 'read') return;
    const { workflowType } = read.execution;
    const kept = [...(this.byType.get(workflowType) ?? []), read].sort(
      (a, b) =>
        Number(isOpen(b.execution)) - Number(isOpen(a.execution)) ||
        b.history.eventCount - a.history.eventCount,
    );
    this.byType.set(workflowType, kept.slice(0, PER_TYPE));
    while (this.bytes > KEPT_BYTES) this.dropOne();
  }

  /** Replays them with recording on; those that cannot be recorded are left out. */
  async record(replayers: Replayers, limitMs: number, stop: AbortSignal): Promise<PatchesOfOne[]> {
    const records: PatchesOfOne[] = [];
    const entries = [...this.byType.values()].flat().map((read) => ({ read }));
    await recordEach(entries, replayers, limitMs, stop, ({ read }, { patches }) => {
      if (patches !== undefined) {
        records.push({ workflowType: read.execution.workflowType, patches });
      }
    });
    return records;
  }

  private get bytes(): number {
    let sum = 0;
    for (const kept of this.byType.values()) {
      for (const { history } of kept) sum += history.bytes.length;
    }
    return sum;
  }

  /** The last one of the workflow type that has most. */
  private dropOne(): void {
    const [longest] = [...this.byType.values()].sort((a, b) => b.length - a.length);
    longest?.pop();
  }
}
