import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A line, or one so long that it comes in pieces. */
export type Line = string | Iterable<string>;

/** Writes lines one after the other; of a long one no more than the stream takes is there at a time. */
export class LineWriter {
  private readonly stream: Writable;
  /** Settles when the long line that is under way is written, and all that waits behind it. */
  private busy: Promise<void> | undefined;

  constructor(stream: Writable) {
    this.stream = stream;
  }

  /** What cannot be written is lost: that the reader is gone shows elsewhere. */
  write(line: Line): void {
    if (typeof line === 'string' && this.busy === undefined) {
      this.stream.write(line);
      return;
    }
    const pieces = Readable.from(typeof line === 'string' ? [line] : line);
    const busy = (this.busy ?? Promise.resolve())
      .then(() => pipeline(pieces, this.stream, { end: false }))
      .catch(() => undefined)
      .then(() => {
        if (this.busy === busy) this.busy = undefined;
      });
    this.busy = busy;
  }
}
