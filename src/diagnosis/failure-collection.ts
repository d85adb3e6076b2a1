import { isBreak } from '../model/outcome.js';
import { replayMessage, type JudgedRead } from '../replay/replay-histories.js';
import type { Replayers } from '../replay/replayers.js';
import { signatureOf, type Failure } from './diagnose.js';

/** Failing histories that are kept for the recorded replay, of one signature. */
const KEPT_PER_SIGNATURE = 10;

/** Bytes of failing histories that are kept in all: the parent's memory must stay bounded. */
const KEPT_BYTES = 64 * 1024 * 1024;

type ReadWithHistory = Extract<JudgedRead['read'], { kind: 'read' }>;

/**
 * The failures of a run. Lines cost a second, recorded replay: it is paid for by some failing histories
 * of each kind and by no other. Every failure counts, kept or not.
 */
export class FailureCollection {
  private readonly failures: { failure: Failure; read?: ReadWithHistory }[] = [];
  private readonly keptBySignature = new Map<string, number>();
  private keptBytes = 0;

  add({ read, outcome, result }: JudgedRead): void {
    if (!isBreak(outcome) || result === undefined || read.kind !== 'read') return;
    const failure = { outcome: outcome as Failure['outcome'], result };
    const signature = signatureOf(outcome);
    const kept = this.keptBySignature.get(signature) ?? 0;
    const size = read.history.bytes.length;
    if (kept >= KEPT_PER_SIGNATURE || this.keptBytes + size > KEPT_BYTES) {
      this.failures.push({ failure });
      return;
    }
    this.keptBySignature.set(signature, kept + 1);
    this.keptBytes += size;
    this.failures.push({ failure, read });
  }

  get all(): Failure[] {
    return this.failures.map((entry) => entry.failure);
  }

  /** Replays the kept failures once more with recording on. What cannot be recorded stays without. */
  async record(replayers: Replayers, limitMs: number, stop: AbortSignal): Promise<void> {
    // Where the code threw, its stack has told the line already.
    const wanted = this.failures.filter(
      (entry) => entry.failure.outcome.kind === 'nondeterministic',
    );
    let replayer;
    for (const entry of wanted) {
      if (entry.read === undefined || stop.aborted) continue;
      if (replayer?.isUsable !== true) {
        // Without a process the lines are lost, not the failures.
        replayer = await replayers.takeFresh().catch(() => undefined);
        if (replayer === undefined) return;
      }
      // Recording bundles once more and takes stacks: it gets more time than a plain replay.
      const answer = await replayer.replay(replayMessage(entry.read, true), limitMs * 4);
      if (answer.kind !== 'result') continue;
      entry.failure = {
        ...entry.failure,
        recorded: { history: entry.read.history.bytes, result: answer.result },
      };
    }
  }
}
