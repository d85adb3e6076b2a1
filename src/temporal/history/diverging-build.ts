import { buildIdOf } from './prepare-history.js';
import { eventIdOf, type IHistoryEvent } from './proto.js';

/** The build that completed the workflow task of this event. */
export function buildOfTaskAt(
  events: readonly IHistoryEvent[],
  eventId: number | undefined,
): string | undefined {
  let build: string | undefined;
  for (const event of events) {
    if (eventId !== undefined && eventIdOf(event) > eventId) break;
    const completed = event.workflowTaskCompletedEventAttributes;
    if (completed != null) build = buildIdOf(completed);
  }
  return build;
}
