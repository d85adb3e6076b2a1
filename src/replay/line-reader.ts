/** The longest line that a replayer may send, in bytes. A record of 10,000 commands is about 2 MB. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** Cuts chunks of bytes into lines, and never holds more than one line. */
export class LineReader {
  private readonly onLine: (line: string) => void;
  private readonly onOverflow: () => void;
  private readonly maxBytes: number;
  private parts: Buffer[] = [];
  private size = 0;
  private overflowed = false;

  constructor(onLine: (line: string) => void, onOverflow: () => void, maxBytes = MAX_LINE_BYTES) {
    this.onLine = onLine;
    this.onOverflow = onOverflow;
    this.maxBytes = maxBytes;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      this.keep(chunk.subarray(start, end));
      if (this.overflowed) return;
      const line = Buffer.concat(this.parts).toString('utf8');
      this.parts = [];
      this.size = 0;
      start = end + 1;
      if (line.trim() !== '') this.onLine(line);
    }
    this.keep(chunk.subarray(start));
  }

  private keep(part: Buffer): void {
    if (this.overflowed) return;
    this.size += part.length;
    if (this.size > this.maxBytes) {
      this.overflowed = true;
      this.parts = [];
      this.onOverflow();
      return;
    }
    if (part.length > 0) this.parts.push(part);
  }
}
