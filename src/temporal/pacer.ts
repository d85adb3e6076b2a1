import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between requests after the first refusal; each further one doubles them, up to the longest. */
const FIRST_SLOWED_MS = 50;
const LONGEST_SLOWED_MS = 1_000;

/** What is left of them after each request: in 70 of them the rate doubles. */
const RECOVERY = 0.99;

/** Lets requests start evenly, at most so many a second, in the order in which they asked. */
export class Pacer {
  /** Requests that were let through. */
  started = 0;
  private readonly intervalMs: number;
  /** Settles when whoever asked last has started, or has been cancelled. */
  private turn: Promise<void> = Promise.resolve();
  private nextStart = 0;
  private pausedUntil = 0;
  /** Milliseconds between requests that a refusal has cost; 0 where none is remembered. */
  private slowedMs = 0;

  constructor(maxPerSecond: number | undefined) {
    this.intervalMs = maxPerSecond === undefined ? 0 : 1000 / maxPerSecond;
  }

  async ready(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const before = this.turn;
    let passOn = (): void => undefined;
    this.turn = new Promise((resolve) => (passOn = resolve));
    try {
      await before;
      signal.throwIfAborted();
      // A pause can begin while one waits.
      for (let wait = this.wait(); wait > 0; wait = this.wait()) {
        await sleep(wait, undefined, { signal });
      }
      this.nextStart = performance.now() + Math.max(this.intervalMs, this.slowedMs);
      this.slowedMs = this.slowedMs < FIRST_SLOWED_MS / 2 ? 0 : this.slowedMs * RECOVERY;
      this.started += 1;
    } finally {
      passOn();
    }
  }

  /** Milliseconds until the next request may start. */
  private wait(): number {
    return Math.max(this.nextStart, this.pausedUntil) - performance.now();
  }

  /**
   * No request starts for so long, and for a while they start more slowly: a server that refuses one for its
   * load is to be left alone by all, and what waited must not come back in one burst.
   */
  pause(ms: number): void {
    // What is refused while all wait was sent before: one refusal, to be answered once.
    if (performance.now() >= this.pausedUntil) {
      const slower = Math.max(FIRST_SLOWED_MS, this.slowedMs * 2);
      this.slowedMs = Math.min(LONGEST_SLOWED_MS, slower);
    }
    this.pausedUntil = Math.max(this.pausedUntil, performance.now() + ms);
  }
}
