import { writeSync } from 'node:fs';
import type {
  FatalMessage,
  ReachedMessage,
  ReadyMessage,
  ResultMessage,
} from '../../src/replay/protocol.js';

/**
 * The protocol's descriptor. The parent moves the real standard output to descriptor 3, and points
 * descriptor 1 at standard error. So neither native code nor the code under test can print into the
 * protocol by accident. Without that, it is standard output.
 */
const CHANNEL = process.argv.includes('--channel=3') ? 3 : 1;

/** Writes one message as one line. It returns when all of the line is written. */
export function send(message: ReadyMessage | ResultMessage | ReachedMessage | FatalMessage): void {
  const line = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let written = 0; written < line.length;) {
    try {
      written += writeSync(CHANNEL, line, written);
    } catch (error) {
      // The pipe is full: the parent is slow, wait a moment.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
