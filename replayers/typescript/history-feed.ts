import type { HistoryAndWorkflowId } from '@temporalio/client';

/** Passes histories to a replay worker one by one, as they come. */
export class HistoryFeed implements AsyncIterable<HistoryAndWorkflowId> {
  private readonly waiting: HistoryAndWorkflowId[] = [];
  private wake: (() => void) | undefined;
  private ended = false;

  push(item: HistoryAndWorkflowId): void {
    this.waiting.push(item);
    this.wake?.();
  }

  end(): void {
    this.ended = true;
    this.wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<HistoryAndWorkflowId, void, undefined> {
    for (;;) {
      const item = this.waiting.shift();
      if (item !== undefined) {
        yield item;
      } else if (this.ended) {
        return;
      } else {
        await new Promise<void>((resolve) => (this.wake = resolve));
      }
    }
  }
}
