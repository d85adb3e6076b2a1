import type { HistoryAndWorkflowId } from '@temporalio/client';
import type { Sdk } from './workspace-sdk.js';

type History = HistoryAndWorkflowId['history'];
type HistoryClass = Sdk['History'];

/** The part of `encodeDelimited`'s result that the SDK uses. */
interface Encoded {
  finish(): Uint8Array;
}

/** Marks a history that exists only in its encoded form. */
const BYTES = Symbol('bytes of a history');

interface EncodedHistory {
  readonly [BYTES]: Uint8Array;
  /** The SDK looks at the first event's ID to tell a decoded history from JSON. */
  readonly events: readonly [{ readonly eventId: number }];
}

/**
 * Turns bytes into a history that the replay worker takes. All that the worker does with a history is encode it
 * for its native part. So the bytes are passed on as they are, neither decoded nor encoded again.
 *
 * @param isAccelerated false decodes it, as the SDK expects
 */
export function historyReader(
  history: HistoryClass,
  isAccelerated: boolean,
): (bytes: Uint8Array) => History {
  if (!isAccelerated || !takesEncoded(history)) return (bytes) => history.decode(bytes);
  return (bytes) => {
    const encoded: EncodedHistory = { [BYTES]: bytes, events: [{ eventId: 1 }] };
    return encoded;
  };
}

/** Makes the SDK's own class pass the encoded bytes on; false where that is not possible. */
function takesEncoded(history: HistoryClass): boolean {
  const encodeDelimited = history.encodeDelimited.bind(history);
  const replaced = (message: Partial<EncodedHistory>, ...rest: never[]): Encoded => {
    const bytes = message[BYTES];
    if (bytes === undefined) return encodeDelimited(message as never, ...rest);
    return { finish: () => delimited(bytes) };
  };
  return Reflect.set(history, 'encodeDelimited', replaced);
}

/** With its length before it as protobuf's varint: seven bits in each byte, the lowest first. */
function delimited(bytes: Uint8Array): Uint8Array {
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) length.push((rest % 0x80) + 0x80);
  length.push(rest);
  return Buffer.concat([Buffer.from(length), bytes]);
}
