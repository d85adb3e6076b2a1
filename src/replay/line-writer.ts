import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A line; a long one comes in pieces. */
export type Line = string | Iterable<string>;

/** Writes lines one after the other. It makes the pieces of a long line only as fast as the stream takes them. */
export class LineWriter {
  private readonly stream: Writable;
  /** Settles when the current long line and all lines that wait for it are written. */
  private busy: Promise<void> | undefined;

  constructor(stream: Writable) {
    this.stream = stream;
  }

  /** Lines that cannot be written are dropped: the exit of the reader is noticed elsewhere. */
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
