/**
 * The same items, but the first is requested at once, so that reading ahead begins now. A caller that does not
 * iterate must stop the source itself.
 */
export function begun<T>(items: AsyncIterable<T>): AsyncIterable<T> {
  const iterator = items[Symbol.asyncIterator]();
  const first = iterator.next();
  // Whoever asks for the first item sees its failure. Until then it must not count as unhandled.
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
