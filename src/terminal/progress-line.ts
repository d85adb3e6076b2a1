/** Milliseconds between two drawings. */
const PACE_MS = 100;

/** One line of a terminal that says how far a run is. Without a terminal it says nothing. */
export class ProgressLine {
  private readonly stream: { write(text: string): unknown } | undefined;
  private drawn = 0;
  private isShown = false;

  constructor(stream: { write(text: string): unknown } | undefined) {
    this.stream = stream;
  }

  show(text: string): void {
    const now = performance.now();
    if (this.stream === undefined || (this.isShown && now - this.drawn < PACE_MS)) return;
    this.drawn = now;
    this.isShown = true;
    this.stream.write(`\r${text}\u001b[K`);
  }

  /** Leaves an empty line for what is printed next. */
  clear(): void {
    if (this.isShown) this.stream?.write('\r\u001b[K');
    this.isShown = false;
  }
}
