import type { Line } from './line-writer.js';
import type { ReplayMessage } from './protocol.js';

/** A `replay` message with its history in bytes, before base64. */
export interface ReplayRequest extends Omit<ReplayMessage, 'history'> {
  /** Binary `temporal.api.history.v1.History`. */
  readonly history: Uint8Array;
}

/** Bytes that become base64 at a time: a multiple of three, so that the pieces fit together. */
const PIECE_BYTES = 3 * 1024 * 1024;

/** The message's line. A long one comes in pieces: otherwise a history of 50 MB would be in memory four times. */
export function replayLine({ history, ...rest }: ReplayRequest): Line {
  const head = `${JSON.stringify(rest).slice(0, -1)},"history":"`;
  const tail = '"}\n';
  return history.length <= PIECE_BYTES
    ? `${head}${base64(history)}${tail}`
    : pieces(head, history, tail);
}

function* pieces(head: string, history: Uint8Array, tail: string): Generator<string> {
  yield head;
  for (let from = 0; from < history.length; from += PIECE_BYTES) {
    yield base64(history.subarray(from, from + PIECE_BYTES));
  }
  yield tail;
}

function base64({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('base64');
}
