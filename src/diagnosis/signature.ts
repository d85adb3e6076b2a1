import type { HistoryReader } from '../engine/history-reader.js';
import type { RecordedEvent, TaskCompletion } from '../engine/recorded-history.js';
import type { Outcome } from '../model/outcome.js';

/** How many commands of history, up to the place that the SDK names, tell one place from another. */
const COMMANDS_BEFORE = 3;

/** What a failure shows without a second replay. */
export interface Resemblance {
  /** Equal for failures that very likely have one cause. IDs and numbers play no part. */
  readonly signature: string;
  /** The workflow task at the event that the SDK names; empty where it names none. */
  readonly task: TaskCompletion;
}

/**
 * What a failure has in common with others: its workflow type, the SDK's words, and what history holds at the place
 * where the SDK says that it diverged. The words alone are not enough: they are the same for every missing timer.
 *
 * @param history binary, as it was replayed
 */
export function resemblanceOf(
  outcome: Outcome,
  history: Uint8Array,
  reader: HistoryReader,
): Resemblance {
  const { eventId, words } = reader.readMessage(outcome.message ?? '');
  const common = [
    outcome.kind,
    outcome.execution.workflowType,
    words.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+/giu, '#').slice(0, 400),
  ];
  if (eventId === undefined || outcome.kind !== 'nondeterministic') {
    return { signature: JSON.stringify(common), task: {} };
  }
  const recorded = reader.readHistory(history);
  return {
    signature: JSON.stringify([...common, placeIn(recorded.events, eventId)]),
    task: recorded.taskAt(eventId),
  };
}

/** What history holds at an event and just before it, without IDs. */
function placeIn(events: readonly RecordedEvent[], eventId: number): string[] {
  const place: string[] = [];
  for (let index = events.length - 1; index >= 0 && place.length < COMMANDS_BEFORE; index -= 1) {
    const event = events[index];
    if (event === undefined || event.eventId > eventId) continue;
    if (event.eventId === eventId || event.command !== undefined) {
      place.push(event.description.words);
    }
  }
  return place;
}
