import type { EventOutline } from './outline.js';
import { EventType } from './proto.js';

export function isKnownType(type: number | null | undefined): type is EventType {
  // 0 is the type of an event that says none.
  return type != null && type !== 0 && type in EventType;
}

/** Whether a worker that does not know the type of an event goes on without it. */
export function mayBeIgnored({ eventType, workerMayIgnore }: EventOutline): boolean {
  return !isKnownType(eventType) && workerMayIgnore === true;
}

/**
 * Says of which event this version knows neither what it is nor that a worker may ignore it; undefined without
 * one. What it means for the code cannot be told, so the code is not to blame for what comes of it.
 */
export function unknownEvent(events: readonly EventOutline[]): string | undefined {
  const event = events.find((one) => !isKnownType(one.eventType) && !mayBeIgnored(one));
  return event === undefined
    ? undefined
    : `event ${String(event.eventId)} is of a type that this version does not know ` +
        `(${event.eventType ?? 0}), and does not say that a worker may ignore it`;
}
