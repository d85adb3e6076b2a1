import type { HistoryRead } from '../model/history.js';
import type { ReplayChoice } from '../selection/replay-choice.js';

/**
 * Reads ahead as far as `choice` has room, and yields what `choice` wants replayed next. Reading ends when no
 * further history could be replayed. When a read fails, the histories before it are yielded first, then the
 * failure is thrown. After `stop`, nothing more is yielded, and reads under way are not awaited.
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
    // Reading ahead must stop; nobody needs its result.
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
    // Thrown even if every replay was used: a history that was not read could have been a better choice.
    if (!stop.aborted && failure !== undefined) throw failure.error;
  } finally {
    stop.removeEventListener('abort', stopped);
    isOver = true;
    room.ring();
    if (!stop.aborted) await reading;
  }
}

/** Lets one side wait until the other rings. A ring that nobody waits for is kept. */
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
