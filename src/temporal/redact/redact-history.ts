import type protobuf from 'protobufjs';
import { HistoryMessage, type IHistory, type IPayload } from '../history/proto.js';
import { encodingOf } from '../codec/encoded-payloads.js';
import { DROPPED, isKeptDetail, KEPT_SEARCH_ATTRIBUTES, KEPT_TEXTS } from './kept.js';
import { Pseudonyms } from './pseudonyms.js';
import { redactJson } from './redact-json.js';

/** Says why a history cannot be redacted. */
export class NotRedactable extends Error {
  override readonly name = 'NotRedactable';
}

/** Stands for a text of an event that is not kept. */
const REDACTED = 'redacted';

const PAYLOAD = '.temporal.api.common.v1.Payload';
const TIMES: ReadonlySet<string> = new Set([
  '.google.protobuf.Timestamp',
  '.google.protobuf.Duration',
]);

/**
 * The same history with other contents. What replay depends on stays: events and their order, times, types, names,
 * IDs, and what SDKs write for themselves.
 *
 * @param bytes a binary `temporal.api.history.v1.History`
 * @param key decides what contents become; nobody needs it later
 * @param keep texts and numbers that stay
 * @throws NotRedactable
 */
export function redactHistory(
  bytes: Uint8Array,
  key: Uint8Array,
  keep: readonly string[] = [],
): Uint8Array {
  const history = HistoryMessage.decode(bytes);
  const pseudonyms = new Pseudonyms(key, new Set([...shownIn(history), ...keep]));
  redactMessage(history, HistoryMessage as unknown as protobuf.Type, {
    pseudonyms,
    keeps: NOTHING,
  });
  return HistoryMessage.encode(history).finish();
}

interface Place {
  readonly pseudonyms: Pseudonyms;
  /** Of a map of payloads, the keys whose payloads stay. */
  readonly keeps: (key: string) => boolean;
}

const NOTHING = (): boolean => false;

type Message = Record<string, unknown>;

function redactMessage(message: object, type: protobuf.Type, place: Place): void {
  const fields = message as Message;
  for (const field of type.fieldsArray.map((one) => one.resolve())) {
    if (!Object.hasOwn(fields, field.name)) continue;
    const value = fields[field.name];
    if (value === null || value === undefined) continue;
    const child = redactField(field, value, keepsOf(field, fields, type, place));
    if (child === undefined) Reflect.deleteProperty(fields, field.name);
    else fields[field.name] = child;
  }
}

/** Below some fields there are payloads that an SDK reads itself. */
function keepsOf(
  field: protobuf.Field,
  message: Message,
  type: protobuf.Type,
  place: Place,
): Place {
  if (field.name === 'details' && typeof message['markerName'] === 'string') {
    const { markerName } = message;
    return { ...place, keeps: (key) => isKeptDetail(markerName, key) };
  }
  if (type.fullName === '.temporal.api.common.v1.SearchAttributes') {
    return { ...place, keeps: (key) => KEPT_SEARCH_ATTRIBUTES.has(key) };
  }
  return { ...place, keeps: NOTHING };
}

function redactField(field: protobuf.Field, value: unknown, place: Place): unknown {
  if (field.map) {
    for (const [key, child] of Object.entries(value as Message)) {
      if (place.keeps(key)) continue;
      (value as Message)[key] = redactOne(field, child, place);
    }
    return value;
  }
  if (!Array.isArray(value)) return redactOne(field, value, place);
  const items = value
    .map((item) => redactOne(field, item, place))
    .filter((item) => item !== undefined);
  return items.length === 0 ? undefined : items;
}

/** Undefined for what does not stay at all. */
function redactOne(field: protobuf.Field, value: unknown, place: Place): unknown {
  const resolved = field.resolvedType as protobuf.ReflectionObject | null;
  if (resolved !== null && 'fieldsArray' in resolved) {
    const type = resolved as protobuf.Type;
    if (DROPPED.has(type.fullName)) return undefined;
    if (TIMES.has(type.fullName)) return value;
    if (type.fullName === PAYLOAD) return redactPayload(value as IPayload, place.pseudonyms);
    redactMessage(value as object, type, place);
    return value;
  }
  if (field.type === 'string') return KEPT_TEXTS.has(field.name) || value === '' ? value : REDACTED;
  return field.type === 'bytes' ? undefined : value;
}

function redactPayload(payload: IPayload, pseudonyms: Pseudonyms): IPayload {
  const encoding = encodingOf(payload) ?? '';
  const metadata = Object.fromEntries(
    ['encoding', 'messageType', 'type'].flatMap((name) => {
      const value = payload.metadata?.[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const data = Buffer.from(payload.data ?? []);
  return { metadata, data: redactData(encoding, data, pseudonyms) };
}

function redactData(encoding: string, data: Buffer, pseudonyms: Pseudonyms): Buffer {
  if (data.length === 0) return data;
  if (encoding === 'binary/plain') return Buffer.alloc(data.length);
  if (encoding.startsWith('json/')) {
    try {
      return Buffer.from(JSON.stringify(redactJson(JSON.parse(data.toString('utf8')), pseudonyms)));
    } catch {
      throw new NotRedactable(`a payload says that it is ${encoding}, and is no JSON`);
    }
  }
  throw new NotRedactable(
    encoding === ''
      ? 'it holds a payload without an encoding'
      : `it holds a payload with the encoding ${encoding}, whose content cannot be told from its form; set codec-endpoint where a codec wrote it`,
  );
}

/** The IDs and names that stay, and the words of which they consist: to replace them elsewhere would hide nothing. */
function shownIn(history: IHistory): Set<string> {
  const shown = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
    const { $type: type } = value as { readonly $type?: { readonly fullName: string } };
    if (type?.fullName === PAYLOAD) return;
    for (const [name, child] of Object.entries(value)) {
      if (typeof child !== 'string') visit(child);
      else if (IDS.has(name)) {
        shown.add(child);
        // Code makes an ID of an input and words of its own, as `shipment-1041` of `1041`.
        for (const end of child.matchAll(/[^\p{L}\p{N}]+/gu)) {
          shown.add(child.slice(0, end.index));
          shown.add(child.slice(end.index + end[0].length));
        }
      }
    }
  };
  visit(history);
  return shown;
}

const IDS: ReadonlySet<string> = new Set([
  'workflowId',
  'runId',
  'activityId',
  'timerId',
  'protocolInstanceId',
  'updateId',
]);
