import proto from '@temporalio/proto';
import protobuf from 'protobufjs';
import { HistoryMessage } from './proto.js';

/**
 * A history as JSON, as the Temporal CLI exports it, which every SDK's replayer reads. The execution's IDs stand beside
 * the events, because old servers do not write them there.
 *
 * @param bytes a binary `temporal.api.history.v1.History`
 */
export function jsonOfHistory(
  bytes: Uint8Array,
  { workflowId, runId }: { readonly workflowId: string; readonly runId: string },
): string {
  const { events } = HistoryMessage.decode(bytes);
  const written = events.map((event) => jsonOf(event, Event));
  return `${JSON.stringify({ workflowId, runId, events: written }, undefined, 1)}\n`;
}

// The declared type hides that the library builds this by reflection.
const Event = proto.temporal.api.history.v1.HistoryEvent as unknown as protobuf.Type;

interface Moment {
  readonly seconds?: unknown;
  readonly nanos?: number | null;
}

function jsonOf(message: object, type: protobuf.Type): unknown {
  if (type.fullName === '.google.protobuf.Timestamp') return timestamp(message);
  if (type.fullName === '.google.protobuf.Duration') return duration(message);
  const json: Record<string, unknown> = {};
  for (const field of type.fieldsArray.map((one) => one.resolve())) {
    if (!Object.hasOwn(message, field.name)) continue;
    const value = (message as Readonly<Record<string, unknown>>)[field.name];
    if (value === null || value === undefined || (Array.isArray(value) && value.length === 0))
      continue;
    json[field.name] = jsonOfField(field, value);
  }
  return json;
}

function jsonOfField(field: protobuf.Field, value: unknown): unknown {
  if (field.map) {
    return Object.fromEntries(
      Object.entries(value as object).map(([key, child]) => [key, jsonOfOne(field, child)]),
    );
  }
  return Array.isArray(value)
    ? value.map((item) => jsonOfOne(field, item))
    : jsonOfOne(field, value);
}

function jsonOfOne(field: protobuf.Field, value: unknown): unknown {
  const { resolvedType } = field;
  if (resolvedType instanceof protobuf.Type) return jsonOf(value as object, resolvedType);
  if (resolvedType instanceof protobuf.Enum)
    return resolvedType.valuesById[value as number] ?? value;
  if (field.type === 'bytes') return Buffer.from(value as Uint8Array).toString('base64');
  return /64$/u.test(field.type) ? String(value) : value;
}

function timestamp({ seconds, nanos }: Moment): string {
  const day = new Date(Number(seconds ?? 0) * 1000).toISOString().slice(0, 19);
  return `${day}${fraction(nanos)}Z`;
}

function duration({ seconds, nanos }: Moment): string {
  const whole = Number(seconds ?? 0);
  const sign = whole < 0 || (nanos ?? 0) < 0 ? '-' : '';
  return `${sign}${Math.abs(whole)}${fraction(nanos)}s`;
}

function fraction(nanos: number | null | undefined): string {
  if (!nanos) return '';
  return `.${String(Math.abs(nanos)).padStart(9, '0').replace(/0+$/u, '')}`;
}
