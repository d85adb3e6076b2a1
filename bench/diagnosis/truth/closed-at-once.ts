import {
  EventType,
  eventIdOf,
  HistoryMessage,
  type IHistoryEvent,
} from '../../../src/temporal/history/proto.js';

/**
 * Whether the workflow task that took an execution over closed it.
 *
 * @param before the history that was taken over
 * @param after the whole history, of an execution that has closed
 */
export function isClosedAtOnce(before: Uint8Array, after: Uint8Array | undefined): boolean {
  if (after === undefined) return false;
  const last = eventIdOf(HistoryMessage.decode(before).events.at(-1) ?? {});
  const { events } = HistoryMessage.decode(after);
  const tookOver = events.find(
    (event) =>
      eventIdOf(event) > last && event.eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
  );
  const closing = events.at(-1);
  if (tookOver === undefined || closing === undefined) return false;
  return completingTaskOf(closing) === String(tookOver.eventId);
}

/** The completed task that an event came from; undefined where it came from elsewhere, as a termination does. */
function completingTaskOf(event: IHistoryEvent): string | undefined {
  const attributes = Object.entries(event).find(
    ([name, value]) => name.endsWith('EventAttributes') && value != null,
  )?.[1] as { workflowTaskCompletedEventId?: { toString(): string } | null } | undefined;
  return attributes?.workflowTaskCompletedEventId?.toString();
}
