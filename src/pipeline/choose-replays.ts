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
  const historyAdded = new Notifier();
  const roomMade = new Notifier();
  let isOver = false as boolean;
  let failure: { readonly error: unknown } | undefined;
  const read = async (): Promise<void> => {
    try {
      for (;;) {
        while (!choice.hasRoom && !choice.isSpent && !isOver) await roomMade.notified();
        if (choice.isSpent || isOver) break;
        const next = await iterator.next();
        if (next.done === true) break;
        choice.add(next.value);
        historyAdded.notify();
      }
    } catch (error) {
      failure = { error };
    }
    choice.end();
    isOver = true;
    historyAdded.notify();
    // Reading ahead must stop; nobody needs its result.
    await iterator.return?.().then(undefined, () => undefined);
  };
  const reading = read();
  const stopped = (): void => historyAdded.notify();
  stop.addEventListener('abort', stopped, { once: true });
  try {
    while (!stop.aborted) {
      const next = choice.take();
      if (next !== undefined) {
        roomMade.notify();
        yield next;
      } else if (isOver || choice.isSpent) {
        break;
      } else {
        await historyAdded.notified();
      }
    }
    // Thrown even if every replay was used: a history that was not read could have been a better choice.
    if (!stop.aborted && failure !== undefined) throw failure.error;
  } finally {
    stop.removeEventListener('abort', stopped);
    isOver = true;
    roomMade.notify();
    if (!stop.aborted) await reading;
  }
}

/** Lets one side wait until the other notifies it. A notification that nobody waits for is kept. */
class Notifier {
  private wake: (() => void) | undefined;
  private isNotified = false;

  notify(): void {
    this.isNotified = true;
    this.wake?.();
  }

  async notified(): Promise<void> {
    if (!this.isNotified) await new Promise<void>((resolve) => (this.wake = resolve));
    this.isNotified = false;
  }
}
