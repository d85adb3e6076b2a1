import type protobuf from 'protobufjs';
import {
  HistoryMessage,
  PayloadsMessage,
  type IHistory,
  type IPayload,
  type IPayloads,
} from '../history/proto.js';
import { encodingOf } from '../codec/encoded-payloads.js';
import { DROPPED, isKeptText, keptOfDetail, KEPT_SEARCH_ATTRIBUTES, KEPT_TEXTS } from './kept.js';
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
  /** What stays of the payloads that stand below a key of a map. */
  readonly keeps: (key: string) => 'all' | 'first' | undefined;
}

const NOTHING = (): undefined => undefined;

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
    const details = message['details'] as Readonly<Record<string, unknown>>;
    return { ...place, keeps: (key) => keptOfDetail(markerName, details, key) };
  }
  if (type.fullName === '.temporal.api.common.v1.SearchAttributes') {
    return { ...place, keeps: (key) => (KEPT_SEARCH_ATTRIBUTES.has(key) ? 'all' : undefined) };
  }
  return { ...place, keeps: NOTHING };
}

function redactField(field: protobuf.Field, value: unknown, place: Place): unknown {
  if (field.map) {
    for (const [key, child] of Object.entries(value as Message)) {
      const kept = place.keeps(key);
      if (kept === 'all') continue;
      const first = kept === 'first' ? (child as IPayloads).payloads?.[0] : undefined;
      const redacted = redactOne(field, child, place);
      if (first != null) (redacted as IPayloads).payloads?.splice(0, 1, first);
      (value as Message)[key] = redacted;
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
  if (field.type === 'string') return isKeptText(field.name, value as string) ? value : REDACTED;
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
  const messageType = Buffer.from(payload.metadata?.['messageType'] ?? []).toString('utf8');
  return {
    metadata,
    data:
      encoding === 'json/protobuf' && messageType === 'temporal.api.common.v1.Payloads'
        ? redactNested(data, pseudonyms)
        : redactData(encoding, data, pseudonyms),
  };
}

/** Go's SDK writes the value of a mutable side effect as payloads inside a payload. */
function redactNested(data: Buffer, pseudonyms: Pseudonyms): Buffer {
  const { payloads } = PayloadsMessage.fromObject(
    jsonOf(data, 'json/protobuf') as Record<string, unknown>,
  );
  const redacted = payloads.map((payload: IPayload) => redactPayload(payload, pseudonyms));
  return Buffer.from(JSON.stringify(PayloadsMessage.fromObject({ payloads: redacted }).toJSON()));
}

function redactData(encoding: string, data: Buffer, pseudonyms: Pseudonyms): Buffer {
  if (data.length === 0) return data;
  if (encoding === 'binary/plain') return Buffer.alloc(data.length);
  if (encoding.startsWith('json/')) {
    return Buffer.from(JSON.stringify(redactJson(jsonOf(data, encoding), pseudonyms)));
  }
  throw new NotRedactable(
    encoding === ''
      ? 'it holds a payload without an encoding'
      : `it holds a payload with the encoding ${encoding}, whose content cannot be told from its form; set codec-endpoint where a codec wrote it`,
  );
}

function jsonOf(data: Buffer, encoding: string): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch {
    throw new NotRedactable(`a payload says that it is ${encoding}, and is no JSON`);
  }
}

/** The texts that stay, and the words of which IDs consist: to replace them elsewhere would hide nothing. */
function shownIn(history: IHistory): Set<string> {
  const shown = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
    const { $type: type } = value as { readonly $type?: { readonly fullName: string } };
    if (type?.fullName === PAYLOAD) return;
    for (const [name, child] of Object.entries(value)) {
      if (typeof child !== 'string') {
        visit(child);
        continue;
      }
      if (KEPT_TEXTS.has(name)) shown.add(child);
      if (IDS.has(name)) {
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
