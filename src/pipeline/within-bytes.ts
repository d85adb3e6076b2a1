import { ByteRoom } from './byte-room.js';

export interface Lent<T> {
  readonly item: T;
  /** Says that its bytes are no longer needed. */
  readonly letGo: () => void;
}

/**
 * The same items, but the next one comes only while all items that were not let go hold at most `limit` bytes.
 * The size of an item is known only when it is there, so one item may exceed the limit.
 */
export async function* withinBytes<T>(
  items: AsyncIterable<T>,
  limit: number,
  bytesOf: (item: T) => number,
): AsyncGenerator<Lent<T>, void, undefined> {
  const room = new ByteRoom(limit);
  const iterator = items[Symbol.asyncIterator]();
  try {
    for (;;) {
      const share = room.open();
      await share.room();
      const next = await iterator.next();
      if (next.done === true) return;
      share.add(bytesOf(next.value));
      yield { item: next.value, letGo: () => share.close() };
    }
  } finally {
    await iterator.return?.();
  }
}
