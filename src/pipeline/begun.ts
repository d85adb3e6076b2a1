/**
 * The same items, whose first is asked for at once: what reads ahead begins now and not when somebody has use for
 * it. Whoever does not go through them has to stop their source by its own means.
 */
export function begun<T>(items: AsyncIterable<T>): AsyncIterable<T> {
  const iterator = items[Symbol.asyncIterator]();
  const first = iterator.next();
  // A failure is seen by who asks for the first item; until then it must not count as unhandled.
  first.catch(() => undefined);
  return from(first, iterator);
}

async function* from<T>(
  first: Promise<IteratorResult<T>>,
  iterator: AsyncIterator<T>,
): AsyncGenerator<T, void, undefined> {
  try {
    for (let next = await first; next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}
