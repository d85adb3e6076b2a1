import type { HistoryRead } from '../model/history.js';
import type { ReplayChoice } from '../selection/replay-choice.js';

/**
 * Reads ahead as far as `choice` has room and yields what it wants replayed next. Reading ends when nothing
 * that is read could be replayed any more. When it fails, what was read until then is yielded before the
 * failure is thrown; when it is to stop, nothing more is yielded, and what is under way is not waited for.
 */
export async function* chooseReplays(
  reads: AsyncIterable<HistoryRead>,
  choice: ReplayChoice,
  stop: AbortSignal,
): AsyncGenerator<HistoryRead, void, undefined> {
  const iterator = reads[Symbol.asyncIterator]();
  const news = new Bell();
  const room = new Bell();
  let isOver = false as boolean;
  let failure: { readonly error: unknown } | undefined;
  const read = async (): Promise<void> => {
    try {
      for (;;) {
        while (!choice.hasRoom && !choice.isSpent && !isOver) await room.rings();
        if (choice.isSpent || isOver) break;
        const next = await iterator.next();
        if (next.done === true) break;
        choice.add(next.value);
        news.ring();
      }
    } catch (error) {
      failure = { error };
    }
    choice.end();
    isOver = true;
    news.ring();
    // What reads ahead is to stop; how it ends concerns nobody any more.
    await iterator.return?.().then(undefined, () => undefined);
  };
  const reading = read();
  const stopped = (): void => news.ring();
  stop.addEventListener('abort', stopped, { once: true });
  try {
    while (!stop.aborted) {
      const next = choice.take();
      if (next !== undefined) {
        room.ring();
        yield next;
      } else if (isOver || choice.isSpent) {
        break;
      } else {
        await news.rings();
      }
    }
    // Also where every replay was found something for: what was not read could have come before it.
    if (!stop.aborted && failure !== undefined) throw failure.error;
  } finally {
    stop.removeEventListener('abort', stopped);
    isOver = true;
    room.ring();
    if (!stop.aborted) await reading;
  }
}

/** Lets one wait until another has news. A ring that nobody waits for is kept. */
class Bell {
  private wake: (() => void) | undefined;
  private hasRung = false;

  ring(): void {
    this.hasRung = true;
    this.wake?.();
  }

  async rings(): Promise<void> {
    if (!this.hasRung) await new Promise<void>((resolve) => (this.wake = resolve));
    this.hasRung = false;
  }
}
