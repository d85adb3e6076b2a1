import proto from '@temporalio/proto';

/** The protobuf types of histories, under short names. */
export const HistoryMessage = proto.temporal.api.history.v1.History;
export type IHistory = proto.temporal.api.history.v1.IHistory;
export type IHistoryEvent = proto.temporal.api.history.v1.IHistoryEvent;
export const EventType = proto.temporal.api.enums.v1.EventType;
export type EventType = proto.temporal.api.enums.v1.EventType;
export type IPayload = proto.temporal.api.common.v1.IPayload;
export const PayloadsMessage = proto.temporal.api.common.v1.Payloads;
export type IPayloads = proto.temporal.api.common.v1.IPayloads;

/** The name that Temporal's UI shows: `ActivityTaskScheduled` for EVENT_TYPE_ACTIVITY_TASK_SCHEDULED. */
export function eventTypeName(type: EventType | null | undefined): string {
  const name = EventType[type ?? 0] ?? 'EVENT_TYPE_UNKNOWN';
  return name
    .replace(/^EVENT_TYPE_/u, '')
    .toLowerCase()
    .replace(/(^|_)([a-z])/gu, (_, __, letter: string) => letter.toUpperCase());
}

/** Event IDs stay far below 2^53 (a history has at most 51,200 events). */
export function eventIdOf(event: IHistoryEvent): number {
  return Number(event.eventId ?? 0);
}
