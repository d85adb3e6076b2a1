/**
 * Ends the stream, and with it the reading ahead, once it is asked to stop, also while a server that does
 * not answer is waited for: its requests end with the connection.
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
    // What was under way when the time was over has been broken off: that is no failure.
    if (!stop.aborted) throw error;
  } finally {
    // What is under way is nobody's any more.
    items.return().catch(() => undefined);
  }
}

/** Undefined once it is asked to stop. The signal lives as long as the run, so it must keep nothing. */
async function orStopped<T>(promise: Promise<T>, stop: AbortSignal): Promise<T | undefined> {
  // Where it is too late already nobody waits for it; what it was broken off with is no news.
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
