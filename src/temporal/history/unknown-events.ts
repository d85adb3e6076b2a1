import type { EventOutline } from './outline.js';
import { EventType } from './proto.js';

export function isKnownType(type: number | null | undefined): type is EventType {
  // 0 is the type of an event that does not say its type.
  return type != null && type !== 0 && type in EventType;
}

/** Whether a worker may ignore this event: it does not know the type, and the event allows it. */
export function mayBeIgnored({ eventType, workerMayIgnore }: EventOutline): boolean {
  return !isKnownType(eventType) && workerMayIgnore === true;
}

/**
 * Names the first event that this version does not know and that a worker may not ignore; undefined without such an
 * event. Nobody can say what it means for the code, so a failure at this event must not be blamed on the code.
 */
export function unknownEvent(events: readonly EventOutline[]): string | undefined {
  const event = events.find((one) => !isKnownType(one.eventType) && !mayBeIgnored(one));
  return event === undefined
    ? undefined
    : `event ${String(event.eventId)} is of a type that this version does not know ` +
        `(${event.eventType ?? 0}), and does not say that a worker may ignore it`;
}
