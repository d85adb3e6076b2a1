import type { IHistoryEvent } from './proto.js';

/**
 * Whether the markers say in which order the code got the results. Markers stand in the order in which Go and Java
 * give the results. SDKs that share a core give them in the order of their calls or of their ends, as the release has
 * it. Only newer releases note it.
 */
export function ordersLocalActivities(events: readonly IHistoryEvent[]): boolean {
  return events.every(({ markerRecordedEventAttributes: marker }) => {
    if (marker?.markerName !== 'core_local_activity') return true;
    const data = Buffer.from(marker.details?.['data']?.payloads?.[0]?.data ?? []);
    return data.includes('"activation_index"');
  });
}
