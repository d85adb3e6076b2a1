import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between requests after the first refusal. Each further refusal doubles them, up to the longest. */
const FIRST_SLOWED_MS = 50;
const LONGEST_SLOWED_MS = 1_000;

/** Each request shortens the slowed interval by one per cent, so the rate doubles within 70 requests. */
const RECOVERY = 0.99;

/** Spaces requests evenly, up to a number per second. They start in the order in which they asked. */
export class Pacer {
  /** Requests that were let through. */
  started = 0;
  private readonly intervalMs: number;
  /** Settles when the request that asked last has started or has been cancelled. */
  private turn: Promise<void> = Promise.resolve();
  private nextStart = 0;
  private pausedUntil = 0;
  /** Milliseconds between requests because of earlier refusals; 0 when they are forgotten. */
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
      // A pause can begin during this wait.
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
   * Stops all requests for this time, and slows them down for a while after it. When a busy server refuses one
   * request, all requests must leave it alone. Those that waited must not come back in one burst.
   */
  pause(ms: number): void {
    // A request that is refused during a pause was sent before it. So it does not slow the others down once more.
    if (performance.now() >= this.pausedUntil) {
      const slower = Math.max(FIRST_SLOWED_MS, this.slowedMs * 2);
      this.slowedMs = Math.min(LONGEST_SLOWED_MS, slower);
    }
    this.pausedUntil = Math.max(this.pausedUntil, performance.now() + ms);
  }
}
