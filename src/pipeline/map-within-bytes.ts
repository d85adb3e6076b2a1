import { ByteRoom, type ByteShare } from './byte-room.js';
import { orderedMap } from './ordered-map.js';

/**
 * `orderedMap`, but its calls and its waiting results hold about `limit` bytes together. Each call tells its
 * share what it takes, and waits for it before it takes more. The first call in order never waits.
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
      // Calls under way are still awaited, and nobody closes results that are not taken.
      if (!isTaken) room.lift();
    }
  }
}
