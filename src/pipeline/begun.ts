/**
 * The same items, whose first is asked for at once: what reads ahead begins now and not when somebody has use for
 * it. Whoever does not go through them has to stop their source by its own means.
 */
export function begun<T>(items: AsyncIterable<T>): AsyncIterable<T> {
  const iterator = items[Symbol.asyncIterator]();
  const first = iterator.next();
  // A failure is seen by who asks for the first item; until then it must not count as unhandled.
  first.catch(() => undefined);
  let isFirst = true;
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        if (!isFirst) return iterator.next();
        isFirst = false;
        return first;
      },
      return: async () => {
        await iterator.return?.();
        return { done: true, value: undefined };
      },
    }),
  };
}
