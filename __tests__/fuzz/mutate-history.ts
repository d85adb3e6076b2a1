import { EventType, HistoryMessage, type IHistoryEvent } from '../../src/temporal/history/proto.js';
import type { Random } from '../../testing/random.js';

/** Events of histories that real servers wrote. */
export type Pool = readonly (readonly IHistoryEvent[])[];

const EVENT_TYPES = Object.values(EventType).filter((type) => typeof type === 'number');

/** Values that a field can be given, whatever its type was: what servers and other SDKs never send too. */
const VALUES: readonly ((random: Random) => unknown)[] = [
  () => undefined,
  () => null,
  () => '',
  () => 'another',
  () => '__proto__',
  () => '\u0000\u202e',
  () => 0,
  () => 1,
  () => -1,
  (random) => random.integer(0, 40),
  () => 2 ** 31,
  () => true,
  () => [],
  () => ({}),
  () => ({ seconds: -1, nanos: 0 }),
  () => ({ seconds: 2 ** 40, nanos: 999_999_999 }),
  (random) => ({ payloads: [anyPayload(random)] }),
];

function anyPayload(random: Random): object {
  const text = random.pick([
    '',
    '{',
    'null',
    '[[[[[[',
    '"x"',
    '\ud800',
    '{"__proto__":{"a":1}}',
    '1e999',
  ]);
  const encoding = random.pick([
    'json/plain',
    'binary/null',
    'binary/plain',
    'json/protobuf',
    'x',
    '',
  ]);
  return { metadata: { encoding: Buffer.from(encoding) }, data: Buffer.from(text) };
}

/** Changes that know what a history is made of. */
const MUTATIONS: Readonly<
  Record<string, (events: IHistoryEvent[], pool: Pool, random: Random) => IHistoryEvent[]>
> = {
  drop: (events, _, random) => events.toSpliced(random.integer(1, events.length - 1), 1),
  double: (events, _, random) => {
    const at = random.integer(0, events.length - 1);
    return events.toSpliced(at, 0, ...events.slice(at, at + 1));
  },
  swap: (events, _, random) => {
    const at = random.integer(0, Math.max(0, events.length - 2));
    return events.toSpliced(at, 2, ...events.slice(at, at + 2).toReversed());
  },
  move: (events, _, random) => {
    const from = random.integer(0, events.length - 1);
    const moved = events.slice(from, from + 1);
    return events.toSpliced(from, 1).toSpliced(random.integer(0, events.length - 1), 0, ...moved);
  },
  truncate: (events, _, random) => events.slice(0, random.integer(1, events.length)),
  'from another': (events, pool, random) => {
    const other = random.pick(pool);
    const at = random.integer(0, other.length - 1);
    const some = other.slice(at, at + random.integer(1, 4));
    return events.toSpliced(random.integer(1, events.length), random.integer(0, 2), ...some);
  },
  'tail of another': (events, pool, random) => {
    const other = random.pick(pool);
    return [
      ...events.slice(0, random.integer(1, events.length)),
      ...other.slice(random.integer(1, other.length)),
    ];
  },
  'other type': (events, _, random) =>
    events.with(random.integer(0, events.length - 1), {
      ...events[random.integer(0, events.length - 1)],
      eventType: random.pick(EVENT_TYPES),
    }),
  field: (events, _, random) => {
    const at = random.integer(0, events.length - 1);
    const changed = structuredCloneOf(events[at]);
    // An earlier change has made of it what no protobuf can hold: that is change enough.
    if (changed === undefined) return [...events];
    changeField(changed, random, 0);
    return events.with(at, changed);
  },
};

export interface Mutated {
  readonly words: string;
  readonly events: readonly IHistoryEvent[];
}

/** One to three changes to a history. Its events are numbered anew, most of the time. */
export function mutateHistory(
  original: readonly IHistoryEvent[],
  pool: Pool,
  random: Random,
): Mutated {
  let events = [...original];
  const words: string[] = [];
  for (let left = random.pick([1, 1, 1, 2, 3]); left > 0 && events.length > 1; left -= 1) {
    const name = random.pick(Object.keys(MUTATIONS));
    words.push(name);
    events = MUTATIONS[name]?.(events, pool, random) ?? events;
  }
  return { words: words.join(', '), events: random.chance(0.95) ? numbered(events) : events };
}

/** Without gaps: what has some is refused before anything else looks at it. */
function numbered(events: readonly IHistoryEvent[]): IHistoryEvent[] {
  return events.map(
    (event, index) => ({ ...event, eventId: index + 1 }) as unknown as IHistoryEvent,
  );
}

type Fields = Record<string, unknown>;

function structuredCloneOf(event: IHistoryEvent | undefined): Fields | undefined {
  const bytes = encoded([event ?? {}]);
  if (bytes === undefined) return undefined;
  const { events } = HistoryMessage.toObject(HistoryMessage.decode(bytes)) as { events: Fields[] };
  return events[0];
}

/** Gives one field, somewhere below, another value. */
function changeField(value: Fields, random: Random, depth: number): void {
  const names = Object.keys(value);
  if (names.length === 0) return;
  const name = random.pick(names);
  const inner = value[name];
  const isMessage = typeof inner === 'object' && inner !== null && !(inner instanceof Uint8Array);
  if (isMessage && depth < 6 && random.chance(0.85))
    changeField(inner as Fields, random, depth + 1);
  else if (inner instanceof Uint8Array && random.chance(0.5))
    value[name] = Buffer.from([0, 255, 123]);
  else value[name] = random.pick(VALUES)(random);
}

/** As a file would hold them, or undefined where no protobuf can. */
export function encoded(events: readonly IHistoryEvent[]): Uint8Array | undefined {
  try {
    return HistoryMessage.encode(HistoryMessage.fromObject({ events: events as never })).finish();
  } catch {
    return undefined;
  }
}

/** Some bytes are others, or not there, or there twice. */
export function mutateBytes(original: Uint8Array, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(original);
  for (let left = random.magnitude(1, 20); left > 0 && bytes.length > 0; left -= 1) {
    const at = random.integer(0, bytes.length - 1);
    const length = random.magnitude(0, 30);
    bytes = random.pick<() => Buffer>([
      () => {
        bytes.writeUInt8(random.integer(0, 255), at);
        return bytes;
      },
      () => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]),
      () =>
        Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at)]),
      () => bytes.subarray(0, at),
    ])();
  }
  return bytes;
}
