import { setTimeout as sleep } from 'node:timers/promises';

/** Lets requests start evenly, at most so many a second, in the order in which they asked. */
export class Pacer {
  /** Requests that were let through. */
  started = 0;
  private readonly intervalMs: number;
  private nextStart = 0;

  constructor(maxPerSecond: number | undefined) {
    this.intervalMs = maxPerSecond === undefined ? 0 : 1000 / maxPerSecond;
  }

  async ready(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.intervalMs > 0) {
      const now = performance.now();
      const start = Math.max(now, this.nextStart);
      this.nextStart = start + this.intervalMs;
      if (start > now) await sleep(start - now, undefined, { signal });
    }
    this.started += 1;
  }
}
