import type { RecordedHistory } from '../../src/engine/recorded-history.js';
import type { IHistoryEvent } from '../../src/temporal/history/proto.js';
import { TemporalHistory } from '../../src/temporal/history/temporal-history.js';

/** Events as the diagnosis sees them. */
export function recordedHistory(events: readonly IHistoryEvent[]): RecordedHistory {
  return new TemporalHistory(events);
}
