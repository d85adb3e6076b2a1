import proto from '@temporalio/proto';
import type protobuf from 'protobufjs';
import { EventType, eventTypeName, type IHistoryEvent } from './proto.js';
import { enumNumber, isRecord, NotReadable, readMessage } from './proto-json.js';
import { isKnownType } from './unknown-events.js';

type Json = Readonly<Record<string, unknown>>;

/** The history in a JSON file, in order, and the IDs that stand beside its events. */
export interface HistoryInJson {
  readonly events: IHistoryEvent[];
  /** The execution's ID, where the file names it outside the first event. */
  readonly workflowId?: string;
  readonly runId?: string;
}

// The declared type hides that the library builds this by reflection.
const Event = proto.temporal.api.history.v1.HistoryEvent as unknown as protobuf.Type;
const Types = Event.fields['eventType']?.resolve().resolvedType as protobuf.Enum;

/**
 * Reads a history from JSON. It takes four forms: an object with `events` (an export), the same object in
 * `history` (the server's answer), a list of such objects, and the list of events alone. The newest event may
 * come first.
 *
 * @throws NotReadable where the meaning of the file is not certain
 */
export function historyFromJson(json: unknown): HistoryInJson {
  const events = rawEvents(json).map(readEvent);
  if (Number(events[0]?.eventId) > Number(events.at(-1)?.eventId)) events.reverse();
  const workflowId = idBeside(json, 'workflowId', 'workflow_id');
  const runId = idBeside(json, 'runId', 'run_id');
  return {
    events,
    ...(workflowId === undefined ? {} : { workflowId }),
    ...(runId === undefined ? {} : { runId }),
  };
}

/** The workflow type and the last event of a history that cannot be read as a whole. */
export function glimpse(json: unknown): { workflowType?: string; lastEvent?: EventType } {
  let events: unknown[];
  try {
    events = rawEvents(json);
  } catch {
    return {};
  }
  const isStart = (event: unknown): boolean =>
    isRecord(event) && typeOf(event) === EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED;
  const first = isStart(events[0]) ? events[0] : events.at(-1);
  const last = first === events[0] ? events.at(-1) : events[0];
  const attributes = isRecord(first)
    ? (first['workflowExecutionStartedEventAttributes'] ??
      first['workflow_execution_started_event_attributes'])
    : undefined;
  const type = isRecord(attributes)
    ? (attributes['workflowType'] ?? attributes['workflow_type'])
    : undefined;
  const workflowType = isRecord(type) ? type['name'] : undefined;
  const lastEvent = isRecord(last) ? typeOf(last) : undefined;
  return {
    ...(typeof workflowType === 'string' ? { workflowType } : {}),
    ...(isKnownType(lastEvent) ? { lastEvent } : {}),
  };
}

function rawEvents(json: unknown): unknown[] {
  if (Array.isArray(json)) {
    const isOfParts = json.length > 0 && json.every((one) => isRecord(one) && 'events' in one);
    return isOfParts ? json.flatMap(rawEvents) : json;
  }
  if (isRecord(json)) {
    if (json['nextPageToken'] || json['next_page_token']) {
      throw new NotReadable('it is one page of a history, and others follow (nextPageToken)');
    }
    if (Array.isArray(json['events'])) return json['events'];
    if (isRecord(json['history']) || Array.isArray(json['history'])) {
      return rawEvents(json['history']);
    }
  }
  throw new NotReadable('it has no list "events"');
}

/** The execution's ID. Tools write it beside the events, or beside the `history` that holds them. */
function idBeside(json: unknown, ...names: readonly [string, string]): string | undefined {
  if (!isRecord(json)) return undefined;
  for (const place of [json, json['execution'], json['workflowExecution'], json['history']]) {
    if (!isRecord(place)) continue;
    for (const name of names) {
      const id = place[name];
      if (id === undefined || id === null || id === '') continue;
      if (typeof id !== 'string') throw new NotReadable(`${name} is no text`);
      return id;
    }
  }
  return undefined;
}

function typeOf(event: Json): number | undefined {
  return enumNumber(Types, event['eventType'] ?? event['event_type']);
}

function readEvent(raw: unknown, index: number): IHistoryEvent {
  const path = `events[${index}]`;
  if (!isRecord(raw)) throw new NotReadable(`${path} is no event`);
  const type = typeOf(raw);
  const mayIgnore = (raw['workerMayIgnore'] ?? raw['worker_may_ignore']) === true;
  if (!isKnownType(type)) {
    if (mayIgnore) return withoutAttributes(raw, type, path);
    const written = JSON.stringify(raw['eventType'] ?? raw['event_type'] ?? null);
    throw new NotReadable(
      `${path}.eventType is ${written}, a type of event that this version does not know, and the event does ` +
        'not say that a worker may ignore it (workerMayIgnore)',
      'take a newer version of this action',
    );
  }
  const event = readMessage(Event, raw, path);
  const attributes = attributesOf(type);
  if (event[attributes] === undefined) {
    throw new NotReadable(`${path} is ${EventType[type]} and has no ${attributes}`);
  }
  return event;
}

/** The field that holds a type's attributes: `timerStartedEventAttributes` for EVENT_TYPE_TIMER_STARTED. */
function attributesOf(type: EventType): string {
  const name = eventTypeName(type);
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}EventAttributes`;
}

/** An event that workers may ignore. Where the number of its type is not known, it becomes an event without a type. */
function withoutAttributes(raw: Json, type: number | undefined, path: string): IHistoryEvent {
  const rest = Object.entries(raw).filter(
    ([key]) => !/^event_?type$|event_?attributes$/iu.test(key),
  );
  const event = readMessage(Event, Object.fromEntries(rest), path);
  if (type !== undefined) event['eventType'] = type;
  return event;
}
