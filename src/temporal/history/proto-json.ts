import protobuf from 'protobufjs';
import { truncate } from '../../untrusted/readable.js';

/** Says which part of a file cannot be read for certain. The message never holds the content of a payload. */
export class NotReadable extends Error {
  override readonly name = 'NotReadable';

  /** What to do about it. Undefined: export the history again. */
  readonly fix: string | undefined;

  constructor(message: string, fix?: string) {
    super(message);
    this.fix = fix;
  }
}

const PAYLOAD = '.temporal.api.common.v1.Payload';
const TIMES: ReadonlyMap<string, (text: string) => object | undefined> = new Map([
  ['.google.protobuf.Timestamp', timestampOf],
  ['.google.protobuf.Duration', durationOf],
]);

/**
 * Reads a message from JSON by its descriptor, in every form that writers of histories use:
 *
 * - enums by name (with or without the prefix, or in PascalCase) or by number
 * - fields in camelCase or snake_case
 * - 64-bit integers as texts or numbers
 * - times as texts, or as seconds and nanoseconds
 * - bytes in either alphabet of base64
 * - null for a field that is not set
 *
 * Fields that this version does not know are left out, because a newer server writes new fields into every history.
 * The SDKs' own replayers leave them out too.
 *
 * @param path the message's place in the file, for error texts
 * @returns what protobufjs encodes as the message
 * @throws NotReadable which names the field and its value
 */
export function readMessage(
  type: protobuf.Type,
  value: unknown,
  path: string,
): Record<string, unknown> {
  if (type.fullName === PAYLOAD) return readPayload(type, value, path);
  const time = TIMES.get(type.fullName);
  if (time !== undefined && typeof value === 'string') {
    return (time(value) ?? fail(path, value, 'no time as protobuf writes it')) as Record<
      string,
      unknown
    >;
  }
  return readFields(type, value, path);
}

function readFields(type: protobuf.Type, value: unknown, path: string): Record<string, unknown> {
  if (!isRecord(value)) fail(path, value, 'no object');
  const { byName, byLetters } = fieldsOf(type);
  const read: Record<string, unknown> = {};
  const seen = new Set<string>();
  for (const [key, child] of Object.entries(value)) {
    const at = `${path}.${key}`;
    const field = byName.get(key);
    if (field === undefined) {
      const meant = byLetters.get(lettersOf(key));
      if (meant !== undefined) {
        throw new NotReadable(`${at} is written otherwise than the field ${meant.name}`);
      }
      continue;
    }
    if (child === null) continue;
    // Only one field of a oneof may be set: an event has the attributes of one type.
    const once = field.partOf?.name ?? field.name;
    if (seen.has(once)) throw new NotReadable(`${at} says a second time what ${once} is`);
    seen.add(once);
    const content = readField(field, child, at);
    if (field.hasPresence || !isDefault(content)) read[field.name] = content;
  }
  return read;
}

interface Fields {
  readonly byName: ReadonlyMap<string, protobuf.Field>;
  readonly byLetters: ReadonlyMap<string, protobuf.Field>;
}

const knownFields = new WeakMap<protobuf.Type, Fields>();

function fieldsOf(type: protobuf.Type): Fields {
  let known = knownFields.get(type);
  if (known === undefined) {
    const fields = type.fieldsArray.map((field) => field.resolve());
    known = {
      byName: new Map(
        fields.flatMap((field) => [
          [field.name, field],
          [field.name.replace(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`), field],
        ]),
      ),
      byLetters: new Map(fields.map((field) => [lettersOf(field.name), field])),
    };
    knownFields.set(type, known);
  }
  return known;
}

function lettersOf(name: string): string {
  return name.replace(/[_-]/gu, '').toLowerCase();
}

function readField(field: protobuf.Field, value: unknown, path: string): unknown {
  if (field instanceof protobuf.MapField) {
    if (!isRecord(value)) fail(path, value, 'no object');
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => [key, readOne(field, child, `${path}.${key}`)]),
    );
  }
  if (!field.repeated) return readOne(field, value, path);
  if (!Array.isArray(value)) fail(path, value, 'no list');
  return value.map((item, index) => readOne(field, item, `${path}[${index}]`));
}

function readOne(field: protobuf.Field, value: unknown, path: string): unknown {
  const { resolvedType } = field;
  if (resolvedType instanceof protobuf.Type) return readMessage(resolvedType, value, path);
  if (resolvedType instanceof protobuf.Enum) {
    return enumNumber(resolvedType, value) ?? fail(path, value, `no ${resolvedType.name}`);
  }
  switch (field.type) {
    case 'string':
      return typeof value === 'string' ? value : fail(path, value, 'no text');
    case 'bool':
      return typeof value === 'boolean' ? value : fail(path, value, 'neither true nor false');
    case 'bytes':
      return readBytes(value, path);
    case 'double':
    case 'float':
      return readFloat(value) ?? fail(path, value, 'no number');
    default:
      return readInteger(field.type, value) ?? fail(path, value, `no ${field.type}`);
  }
}

const spellings = new WeakMap<protobuf.Enum, ReadonlyMap<string, number>>();

/**
 * The number of an enum's value, from `EVENT_TYPE_TIMER_STARTED`, `TIMER_STARTED`, `TimerStarted` or the number. An
 * unknown number stays as it is, as it would in binary.
 *
 * @returns undefined for what is no value of the enum
 */
export function enumNumber(type: protobuf.Enum, value: unknown): number | undefined {
  if (typeof value === 'number') return readInteger('int32', value) as number | undefined;
  if (typeof value !== 'string') return undefined;
  let names = spellings.get(type);
  if (names === undefined) {
    const zero = type.valuesById[0] ?? '';
    const prefix = zero.slice(0, zero.lastIndexOf('_') + 1);
    names = new Map(
      Object.entries(type.values).flatMap(([name, number]) => {
        const bare = name.startsWith(prefix) ? name.slice(prefix.length) : name;
        return [name, bare, pascalCase(bare), pascalCase(name)].map((one) => [one, number]);
      }),
    );
    spellings.set(type, names);
  }
  return names.get(value);
}

function pascalCase(constant: string): string {
  return constant
    .toLowerCase()
    .replace(/(?:^|_)([a-z0-9])/gu, (_, letter: string) => letter.toUpperCase());
}

const BITS: Readonly<Record<string, readonly [bigint, bigint]>> = {
  int32: [-(2n ** 31n), 2n ** 31n],
  uint32: [0n, 2n ** 32n],
  int64: [-(2n ** 63n), 2n ** 63n],
  uint64: [0n, 2n ** 64n],
};

/** An integer. A JSON number beyond 2^53 is refused, because reading it has lost its last digits. */
function readInteger(type: string, value: unknown): unknown {
  const range = BITS[type];
  const isExact =
    typeof value === 'number'
      ? Number.isSafeInteger(value)
      : typeof value === 'string' && /^-?\d{1,20}$/u.test(value);
  if (range === undefined || !isExact) return undefined;
  const integer = BigInt(value as string | number);
  if (integer < range[0] || integer >= range[1]) return undefined;
  const number = Number(integer);
  // The encoder takes integers beyond 2^53 as text.
  return Number.isSafeInteger(number) ? number : String(integer);
}

function readFloat(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  if (['NaN', 'Infinity', '-Infinity'].includes(value)) return Number(value);
  return /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/iu.test(value) ? Number(value) : undefined;
}

/** Reads base64 in the standard or the URL alphabet, with or without padding. */
function readBytes(value: unknown, path: string): Uint8Array {
  const bytes = typeof value === 'string' ? fromBase64(value) : undefined;
  // The message does not show the text, which may be the content of a payload.
  return bytes ?? fail(path, undefined, 'not base64 (wrong encoding)');
}

function fromBase64(text: string): Buffer | undefined {
  const bare = text
    .replace(/={1,2}$/u, '')
    .replaceAll('+', '-')
    .replaceAll('/', '_');
  const bytes = Buffer.from(bare, 'base64url');
  // The decoder ignores characters and bits that no encoder writes. A text that has some is no base64.
  return bytes.toString('base64url') === bare ? bytes : undefined;
}

/**
 * Reads a payload. Some tools write payloads decoded, for people to read. A decoded payload has no base64, and
 * cannot be encoded again for certain.
 */
function readPayload(type: protobuf.Type, value: unknown, path: string): Record<string, unknown> {
  if (value === null) throw new NotReadable(`${path} is null where a payload belongs (null data)`);
  const { byName } = fieldsOf(type);
  if (
    !isRecord(value) ||
    !('metadata' in value) ||
    (typeof value['data'] !== 'string' && (value['data'] ?? null) !== null) ||
    // A user's value can have fields of the same names. A newer kind of payload can have more fields.
    !(hasEncoding(value['metadata']) || Object.keys(value).every((key) => byName.has(key)))
  ) {
    throw decoded(path);
  }
  const payload = readFields(type, value, path);
  const metadata = payload['metadata'] as Record<string, Buffer> | undefined;
  const encoding = metadata?.['encoding']?.toString('utf8') ?? '';
  // The plain name of an encoding can be valid base64 by chance. Then it decodes to something that is no text.
  if (!/^[\x20-\x7e]*$/u.test(encoding)) {
    throw new NotReadable(`${path}.metadata.encoding is not base64 (wrong encoding)`);
  }
  if (encoding.startsWith('json/')) {
    if (value['data'] === null) {
      throw new NotReadable(
        `${path}.data is null, and ${encoding} is never without data (null data)`,
      );
    }
    if (isBareJson(value['data']) && !isJson(payload['data'] as Buffer)) {
      throw decoded(path);
    }
  }
  return payload;
}

function hasEncoding(metadata: unknown): boolean {
  return isRecord(metadata) && typeof metadata['encoding'] === 'string';
}

function decoded(path: string): NotReadable {
  return new NotReadable(
    `it was exported with decoded payloads (${path})`,
    'export it again with the option "decode event history" off, or with: temporal workflow show --output json',
  );
}

/** Whether the data is JSON that is valid base64 too: no other JSON texts are. */
function isBareJson(data: unknown): boolean {
  return typeof data === 'string' && /^(?:\d+|true|null)$/u.test(data);
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

function timestampOf(text: string): object | undefined {
  const [, year, month, day, time = '', fraction = '', zone = ''] =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/u.exec(text) ?? [];
  const seconds = Date.parse(`${year}-${month}-${day}T${time}${zone}`) / 1000;
  const isDay = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate();
  return Number.isNaN(seconds) || isDay !== Number(day) ? undefined : secondsOf(seconds, fraction);
}

function durationOf(text: string): object | undefined {
  const match = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/u.exec(text);
  if (match === null) return undefined;
  const [, minus, seconds, fraction = ''] = match;
  return secondsOf(Number(seconds), fraction, minus === '-' ? -1 : 1);
}

function secondsOf(seconds: number, fraction: string, sign = 1): object {
  const nanos = Number(fraction.padEnd(9, '0'));
  return {
    ...(seconds === 0 ? {} : { seconds: sign * seconds }),
    ...(nanos === 0 ? {} : { nanos: sign * nanos }),
  };
}

/** Whether a value is the default of its field: protobuf does not write it, where it means the same as no field. */
function isDefault(content: unknown): boolean {
  return (
    content === 0 ||
    content === '' ||
    content === false ||
    (content instanceof Uint8Array && content.length === 0) ||
    (Array.isArray(content) && content.length === 0)
  );
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fail(path: string, value: unknown, what: string): never {
  // An object is not shown: it can be a payload, or hold one.
  const shown =
    value === undefined || (typeof value === 'object' && value !== null)
      ? ''
      : ` (${truncate(JSON.stringify(value), 80)})`;
  throw new NotReadable(`${path}${shown} is ${what}`);
}
