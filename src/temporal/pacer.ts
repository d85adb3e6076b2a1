import { setTimeout as sleep } from 'node:timers/promises';

/** Lets requests start evenly, at most so many a second, in the order in which they asked. */
export class Pacer {
  /** Requests that were let through. */
  started = 0;
  private readonly intervalMs: number;
  private nextStart = 0;
  private pausedUntil = 0;

  constructor(maxPerSecond: number | undefined) {
    this.intervalMs = maxPerSecond === undefined ? 0 : 1000 / maxPerSecond;
  }

  async ready(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const now = performance.now();
    const start = Math.max(now, this.nextStart, this.pausedUntil);
    if (this.intervalMs > 0) this.nextStart = start + this.intervalMs;
    if (start > now) await sleep(start - now, undefined, { signal });
    this.started += 1;
  }

  /** No request starts for so long: a server that refuses one for its load is to be left alone by all. */
  pause(ms: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, performance.now() + ms);
  }
}
