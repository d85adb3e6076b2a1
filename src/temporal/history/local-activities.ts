import { eventIdOf, type IHistoryEvent } from './proto.js';
import type { LocalActivityPair } from '../../engine/recorded-history.js';
import { CarriedFields } from '../../replay/carried.js';
import type { RecordedCommand } from '../../replay/protocol.js';

/**
 * Pairs local activities in history with the calls in the code, to compare their arguments. Only some markers hold
 * arguments. The ID decides the pair: a marker is written when its activity ends, so its place says nothing.
 */
export function localActivityPairs(
  events: readonly IHistoryEvent[],
  commands: readonly RecordedCommand[],
): LocalActivityPair[] {
  const calls = new Map<string, RecordedCommand>();
  for (const command of commands) {
    if (command.command !== 'ScheduleLocalActivity' || command.id === undefined) continue;
    const key = JSON.stringify([command.name, command.id]);
    if (!calls.has(key)) calls.set(key, command);
  }
  const pairs: LocalActivityPair[] = [];
  for (const event of events) {
    const marker = event.markerRecordedEventAttributes;
    const input = marker?.details?.['input'];
    if (marker == null || input == null) continue;
    const issued = calls.get(keyOf(marker));
    if (issued === undefined) continue;
    const carried = new CarriedFields().payloads('argument', input.payloads).done();
    pairs.push({ eventId: eventIdOf(event), carried, issued });
  }
  return pairs;
}

type Marker = NonNullable<IHistoryEvent['markerRecordedEventAttributes']>;

/** SDKs that share a core write type and ID into one object of the marker; the Java SDK writes two details. */
function keyOf({ markerName, details }: Marker): string {
  const jsonIn = (name: string): unknown => parsed(details?.[name]?.payloads?.[0]?.data);
  if (markerName === 'core_local_activity') {
    const data = jsonIn('data') as { activity_type?: unknown; activity_id?: unknown } | null;
    return JSON.stringify([data?.activity_type, data?.activity_id]);
  }
  return markerName === 'LocalActivity'
    ? JSON.stringify([jsonIn('type'), jsonIn('activityId')])
    : '';
}

function parsed(data: Uint8Array | null | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(data ?? []).toString('utf8'));
  } catch {
    return null;
  }
}
