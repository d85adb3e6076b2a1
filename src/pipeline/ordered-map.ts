/**
 * Maps items with up to `concurrency` calls at a time, and yields the results in the items' order.
 *
 * At most `concurrency` results wait to be taken: a slow consumer stops the reading. When the consumer stops
 * early, calls under way are awaited and their results dropped, and no further call starts. When a call fails,
 * the results of earlier calls are yielded before the failure is thrown.
 */
export async function* orderedMap<T, R>(
  items: Iterable<T>,
  concurrency: number,
  map: (item: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const underWay: Promise<R>[] = [];
  const iterator = items[Symbol.iterator]();
  const startNext = (): void => {
    const next = iterator.next();
    if (next.done === true) return;
    const result = map(next.value);
    // The consumer sees a failure when its turn comes. Until then it must not count as unhandled.
    result.catch(() => undefined);
    underWay.push(result);
  };
  try {
    for (let i = 0; i < concurrency; i += 1) startNext();
    for (let first = underWay[0]; first !== undefined; first = underWay[0]) {
      void underWay.shift();
      let result: R;
      try {
        result = await first;
      } catch (error) {
        for (const other of underWay) {
          const [settled] = await Promise.allSettled([other]);
          if (settled.status === 'fulfilled') yield settled.value;
        }
        throw error;
      }
      startNext();
      yield result;
    }
  } finally {
    await Promise.allSettled(underWay);
  }
}
