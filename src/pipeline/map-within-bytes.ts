import { ByteRoom, type ByteShare } from './byte-room.js';
import { orderedMap } from './ordered-map.js';

/**
 * `orderedMap`, whose calls and results that wait to be taken hold about `limit` bytes together: each call tells
 * its share what it takes, and asks it before it takes more. The first in order always goes on.
 */
export async function* mapWithinBytes<T, R>(
  items: Iterable<T>,
  { concurrency, limit }: { readonly concurrency: number; readonly limit: number },
  map: (item: T, share: ByteShare) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const room = new ByteRoom(limit);
  const results = orderedMap(items, concurrency, async (item) => {
    const share = room.open();
    try {
      return { result: await map(item, share), share };
    } catch (error) {
      share.close();
      throw error;
    }
  });
  for await (const { result, share } of results) {
    share.close();
    let isTaken = false;
    try {
      yield result;
      isTaken = true;
    } finally {
      // What is under way is still waited for, and results that nobody takes any more are never closed.
      if (!isTaken) room.lift();
    }
  }
}
