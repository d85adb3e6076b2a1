/**
 * Ends the stream and the reading ahead once `stop` is aborted, even while a server does not answer. Its
 * requests end with the connection.
 */
export async function* untilStopped<T>(
  items: AsyncGenerator<T, void, undefined>,
  stop: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  try {
    for (;;) {
      const next = await orStopped(items.next(), stop);
      if (next === undefined || next.done === true || stop.aborted) return;
      yield next.value;
    }
  } catch (error) {
    // A read that was aborted because time is over is no failure.
    if (!stop.aborted) throw error;
  } finally {
    // Nobody needs what is under way.
    items.return().catch(() => undefined);
  }
}

/** Undefined once `stop` is aborted. The signal lives as long as the run, so it must keep no listener. */
async function orStopped<T>(promise: Promise<T>, stop: AbortSignal): Promise<T | undefined> {
  // If it is too late already, nobody awaits the promise, and its failure is no news.
  promise.catch(() => undefined);
  if (stop.aborted) return undefined;
  let onStop: (() => void) | undefined;
  const stopped = new Promise<undefined>((resolve) => {
    onStop = () => resolve(undefined);
    stop.addEventListener('abort', onStop, { once: true });
  });
  try {
    return await Promise.race([promise, stopped]);
  } finally {
    if (onStop !== undefined) stop.removeEventListener('abort', onStop);
  }
}
