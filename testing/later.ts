/**
 * Moves the clock of this process on, as if the days had passed. It goes on ticking.
 *
 * @returns what puts it back
 */
export function later({ days }: { readonly days: number }): () => void {
  const real = globalThis.Date;
  const ahead = days * 24 * 60 * 60 * 1000;
  class Later extends real {
    constructor(...time: [] | [number | string | Date]) {
      if (time.length === 0) super(real.now() + ahead);
      else super(...time);
    }

    static override now(): number {
      return real.now() + ahead;
    }
  }
  globalThis.Date = Later as DateConstructor;
  return () => {
    globalThis.Date = real;
  };
}
