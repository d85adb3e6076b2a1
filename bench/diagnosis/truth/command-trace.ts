import { isCommandEvent } from '../../../src/temporal/history/cut-history.js';
import { markerOf } from '../../../src/temporal/history/markers.js';
import { eventTypeName, type IHistoryEvent } from '../../../src/temporal/history/proto.js';

/** Fields that differ between two runs of the same code. */
const PASSING: ReadonlySet<string> = new Set([
  'workflowTaskCompletedEventId',
  'acceptedRequestSequencingEventId',
  'acceptedRequestMessageId',
  'acceptedEventId',
  'scheduledEventId',
  'startedEventId',
  'protocolInstanceId',
  'updateId',
  'identity',
  'newExecutionRunId',
  'stackTrace',
  'taskQueue',
  'header',
  // Of a server that was started anew: kept truths are of several.
  'namespaceId',
]);

/**
 * What the code had the server do, command by command with arguments, options and durations, as text
 * that two runs of the same code share.
 *
 * @param own the execution's Workflow ID and task queue, which are in names that are made from them
 * @param passing further fields that differ between two runs of the same code
 */
export function commandTrace(
  events: readonly IHistoryEvent[],
  own: readonly string[],
  passing: readonly string[] = [],
): string[] {
  const leftOut = new Set([...PASSING, ...passing]);
  return events.filter(isCommandEvent).map((event) => {
    const attributes = Object.entries(event).find(
      ([name, value]) => name.endsWith('EventAttributes') && value != null,
    )?.[1] as Record<string, unknown> | undefined;
    const kept = markerOf(event)?.kind === 'local-activity' ? localActivity(event) : attributes;
    let text = JSON.stringify(canonical(JSON.parse(JSON.stringify(kept ?? {})), leftOut));
    for (const one of own) text = text.replaceAll(one, '#');
    return `${eventTypeName(event.eventType)} ${text}`;
  });
}

/** Without what passes, and with the fields of maps in one order: the server's is any. */
function canonical(value: unknown, leftOut: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((one) => canonical(one, leftOut));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !leftOut.has(name))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, canonical(inner, leftOut)]),
  );
}

/** Its marker also tells when it ran. */
function localActivity(event: IHistoryEvent): unknown {
  const { markerName, details, failure } = event.markerRecordedEventAttributes ?? {};
  const marker = markerOf(event);
  return {
    markerName,
    type: marker?.kind === 'local-activity' ? marker.activityType : undefined,
    result: details?.['result']?.payloads,
    failure: failure?.message,
  };
}

/** The first place where two traces part, in words; undefined where they are the same. */
export function traceDifference(
  control: readonly string[],
  other: readonly string[],
): string | undefined {
  const length = Math.max(control.length, other.length);
  for (let index = 0; index < length; index += 1) {
    if (control[index] === other[index]) continue;
    return `${control[index] ?? 'nothing'} became ${other[index] ?? 'nothing'}`;
  }
  return undefined;
}
