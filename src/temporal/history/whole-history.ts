import { outlinesIn, type EventOutline } from './outline.js';
import { HistoryMessage, type IHistoryEvent } from './proto.js';

/**
 * An execution's events, byte for byte as a server sent them, and the outline of each. They are not decoded and
 * encoded again. So fields of a newer server, which this program does not know, reach the replayer unchanged.
 */
export class WholeHistory {
  readonly events: EventOutline[] = [];
  private readonly ends: number[] = [];
  private readonly pages: Uint8Array[] = [];
  private length = 0;

  static of(bytes: Uint8Array): WholeHistory {
    const history = new WholeHistory();
    history.add(bytes);
    return history;
  }

  static ofEvents(events: readonly IHistoryEvent[]): WholeHistory {
    return WholeHistory.of(HistoryMessage.encode({ events: [...events] }).finish());
  }

  /**
   * @param page a binary `temporal.api.history.v1.History` with the next events
   * @throws Error where the page is no history
   */
  add(page: Uint8Array): void {
    for (const { event, end } of outlinesIn(page)) {
      this.events.push(event);
      this.ends.push(this.length + end);
    }
    this.pages.push(page);
    this.length += page.length;
  }

  /** The first `count` events; by default all of them. */
  bytes(count = this.events.length): Uint8Array {
    // Protobuf's rule: messages that are joined are one message with the fields of all.
    if (this.pages.length > 1) this.pages.splice(0, Infinity, Buffer.concat(this.pages));
    return (this.pages[0] ?? new Uint8Array()).subarray(0, this.ends[count - 1] ?? 0);
  }
}
