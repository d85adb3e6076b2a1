import { eventIdOf, HistoryMessage, type IHistoryEvent } from '../temporal/history/proto.js';
import type { Outcome } from '../model/outcome.js';
import { describeEvent, historyCommand } from '../temporal/history/command-events.js';
import { buildOfTaskAt } from '../temporal/history/diverging-build.js';
import { parseSdkMessage } from './sdk-message.js';

/** Commands of history, up to the place that the SDK names, that tell one place from another. */
const COMMANDS_BEFORE = 3;

/** What a failure shows before anybody looks into it. */
export interface Resemblance {
  /** The same for failures that very likely have one cause, whatever their IDs and numbers are. */
  readonly signature: string;
  /** Build that completed the workflow task at the event that the SDK names, where it names one. */
  readonly build?: string;
}

/**
 * What a failure has in common with others: its type, the SDK's words, and what history holds where the SDK
 * says that it diverged. The words alone are the same for every timer that is not there.
 *
 * @param history binary, as it was replayed
 */
export function resemblanceOf(outcome: Outcome, history: Uint8Array): Resemblance {
  const { eventId, words } = parseSdkMessage(outcome.message ?? '');
  const common = [
    outcome.kind,
    outcome.execution.workflowType,
    words.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+/giu, '#').slice(0, 400),
  ];
  if (eventId === undefined || outcome.kind !== 'nondeterministic') {
    return { signature: JSON.stringify(common) };
  }
  const { events } = HistoryMessage.decode(history);
  const build = buildOfTaskAt(events, eventId);
  return {
    signature: JSON.stringify([...common, placeIn(events, eventId)]),
    ...(build === undefined ? {} : { build }),
  };
}

/** What history holds at an event and just before it, without IDs. */
function placeIn(events: readonly IHistoryEvent[], eventId: number): string[] {
  const place: string[] = [];
  for (let index = events.length - 1; index >= 0 && place.length < COMMANDS_BEFORE; index -= 1) {
    const event = events[index];
    if (event === undefined || eventIdOf(event) > eventId) continue;
    if (eventIdOf(event) === eventId || historyCommand(event) !== undefined) {
      place.push(describeEvent(event).words);
    }
  }
  return place;
}
