import type protobuf from 'protobufjs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HistoryMessage, type IHistoryEvent } from '../../../src/temporal/history/proto.js';
import { KEPT_TEXTS } from '../../../src/temporal/redact/kept.js';
import { NotRedactable, redactHistory } from '../../../src/temporal/redact/redact-history.js';
import { fixtureNames, readFixtures } from '../../fixtures/histories.js';

const KEY = Buffer.alloc(32, 7);

const HistoryType = HistoryMessage as unknown as protobuf.Type;
const PAYLOAD = '.temporal.api.common.v1.Payload';

/** How deep messages are filled: a failure has a cause, which has a cause. */
const DEPTH = 9;

let canaries = 0;

/** A message in which everything is set that can be, with contents that can be found again. */
function filled(type: protobuf.Type, depth: number): Record<string, unknown> {
  if (type.fullName === PAYLOAD) return payloadOf(canary());
  const message: Record<string, unknown> = {};
  for (const field of type.fieldsArray.map((one) => one.resolve())) {
    const resolved = field.resolvedType as protobuf.ReflectionObject | null;
    const isMessage = resolved !== null && 'fieldsArray' in resolved;
    if (isMessage && depth === 0) continue;
    const one = isMessage
      ? filled(resolved as protobuf.Type, depth - 1)
      : field.type === 'string'
        ? KEPT_TEXTS.has(field.name)
          ? 'kept'
          : canary()
        : field.type === 'bytes'
          ? Buffer.from(canary())
          : resolved === null && field.type !== 'bool'
            ? 1
            : 0;
    // Of the attributes of an event only one may be set, so each gets an event of its own.
    if (field.partOf !== null && type.name === 'HistoryEvent') continue;
    message[field.name] = field.map ? { key: one } : field.repeated ? [one] : one;
  }
  return message;
}

function canary(): string {
  canaries += 1;
  return `canary${'abcdefgh'.charAt(canaries % 8)}${canaries}`;
}

function payloadOf(content: unknown, metadata: Readonly<Record<string, string>> = {}) {
  return {
    metadata: Object.fromEntries(
      Object.entries({ encoding: 'json/plain', ...metadata }).map(([name, value]) => [
        name,
        Buffer.from(value),
      ]),
    ),
    data: Buffer.from(JSON.stringify(content)),
  };
}

const EventType = (HistoryType.fields['events']?.resolve().resolvedType ?? null) as protobuf.Type;
const attributes = EventType.oneofs['attributes']?.fieldsArray ?? [];

test.each(attributes.map(({ name }) => name))('%s: nothing stays but what is kept', (name) => {
  const type = EventType.fields[name]?.resolve().resolvedType as protobuf.Type;
  const event = { ...filled(EventType, DEPTH), eventId: 1, [name]: filled(type, DEPTH) };
  const bytes = HistoryMessage.encode({ events: [event as unknown as IHistoryEvent] }).finish();
  expect(Buffer.from(bytes).toString('latin1')).toContain('canary');
  const redacted = redactHistory(bytes, KEY);
  expect(Buffer.from(redacted).toString('latin1')).not.toMatch(/canary/u);
  expect(HistoryMessage.decode(redacted).events).toHaveLength(1);
});

test('there are attributes of every kind of event', () => {
  expect(attributes.length).toBeGreaterThan(50);
});

const contentOf = (bytes: Uint8Array): unknown =>
  JSON.parse(
    Buffer.from(
      HistoryMessage.decode(bytes).events[0]?.workflowExecutionStartedEventAttributes?.input
        ?.payloads?.[0]?.data ?? [],
    ).toString(),
  );

function redactedInput(content: unknown, keep: readonly string[] = []): unknown {
  const events = [
    {
      workflowExecutionStartedEventAttributes: {
        workflowId: 'order-1041',
        input: { payloads: [payloadOf(content)] },
      },
    },
  ];
  return contentOf(redactHistory(HistoryMessage.encode({ events }).finish(), KEY, keep));
}

describe('contents', () => {
  test('keep their shape: lists, names of fields, types and lengths', () => {
    const redacted = redactedInput({
      name: 'Ada Lovelace',
      tags: ['a1', 'b2', 'a1'],
      amount: 129.95,
      isOpen: true,
      none: null,
      'ada@example.com': 1,
    }) as Record<string, unknown>;
    expect(redacted).toEqual({
      name: expect.stringMatching(/^[A-Z][a-z]{2} [A-Z][a-z]{7}$/u) as unknown,
      tags: expect.any(Array) as unknown,
      amount: expect.any(Number) as unknown,
      isOpen: true,
      none: null,
      [Object.keys(redacted).at(-1) ?? '']: expect.any(Number) as unknown,
    });
    expect(redacted['name']).not.toBe('Ada Lovelace');
    expect(Object.keys(redacted).at(-1)).toMatch(/^[a-z]{3}@[a-z]{7}\.[a-z]{3}$/u);
    const [first, second, third] = redacted['tags'] as string[];
    expect([first === third, first === second]).toEqual([true, false]);
  });

  test.each([
    ['2026-09-01', /^20\d\d-\d\d-\d\d$/u],
    ['2026-09-01T12:30:00.123Z', /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u],
    ['2026-09-01T12:30:00+02:00', /\+02:00$/u],
  ])('%s stays a date', (text, form) => {
    const redacted = String(redactedInput(text));
    expect(redacted).toMatch(form);
    expect(Number.isNaN(Date.parse(redacted))).toBe(false);
    expect(redacted).not.toBe(text);
  });

  test.each(['3 days', '90s', '1.5h', 'PT1H30M'])('%s stays a length of time', (text) => {
    expect(String(redactedInput(text)).replace(/\d/gu, '')).toBe(text.replace(/\d/gu, ''));
  });

  test('a UUID stays one', () => {
    expect(redactedInput('6f1c1b1a-2f3e-4d5c-8b9a-0a1b2c3d4e5f')).toMatch(
      /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/u,
    );
  });

  test('what an ID shows anyway stays, because code makes other IDs of it', () => {
    expect(redactedInput(['order-1041', '1041', '1042'])).toEqual([
      'order-1041',
      '1041',
      expect.not.stringMatching(/^1042$/u),
    ]);
  });

  test('what somebody keeps stays, and nothing else', () => {
    expect(
      redactedInput({ decision: 'approve', limit: 25, name: 'Ada' }, ['approve', '25']),
    ).toEqual({
      decision: 'approve',
      limit: 25,
      name: expect.not.stringMatching(/^Ada$/u) as unknown,
    });
  });

  test('no two keys become one', () => {
    const counts = Object.fromEntries(Array.from({ length: 10 }, (_, digit) => [digit, digit]));
    expect(Object.keys(redactedInput(counts) as object)).toHaveLength(10);
  });

  test('of any JSON, types and nesting stay, and no word of it does', () => {
    const shapeOf = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shapeOf);
      if (typeof value !== 'object' || value === null) return value === null ? null : typeof value;
      // Keys that are numbers come first, in their order, and they become other numbers.
      return Object.values(value)
        .map((child) => JSON.stringify(shapeOf(child)))
        .sort();
    };
    fc.assert(
      fc.property(fc.jsonValue(), (content) => {
        const redacted = redactedInput(content);
        expect(shapeOf(redacted)).toEqual(shapeOf(JSON.parse(JSON.stringify(content))));
        const words = JSON.stringify(content).match(/[A-Za-z0-9]{12,}/gu) ?? [];
        for (const word of words) expect(JSON.stringify(redacted)).not.toContain(word);
      }),
    );
  });
});

test.each([
  ['binary/encrypted', /binary\/encrypted.*codec-endpoint/u],
  ['binary/protobuf', /cannot be told from its form/u],
])('a payload with the encoding %s is refused', (encoding, why) => {
  const payloads = [payloadOf('x', { encoding })];
  const events = [{ workflowExecutionStartedEventAttributes: { input: { payloads } } }];
  const bytes = HistoryMessage.encode({ events }).finish();
  expect(() => redactHistory(bytes, KEY)).toThrow(NotRedactable);
  expect(() => redactHistory(bytes, KEY)).toThrow(why);
});

const SETS = [
  'commands-1.24.0',
  'commands-go-1.50.0',
  'java-commands-1.38.0',
  'python-commands-1.35.0',
];

test.each(SETS)('%s: what its SDK reads itself of markers and patches stays', (set) => {
  expect(fixtureNames(set).length).toBeGreaterThan(0);
  for (const { read } of readFixtures(set)) {
    let redacted: Uint8Array;
    try {
      redacted = redactHistory(read.history.bytes, KEY);
    } catch (error) {
      expect(error).toBeInstanceOf(NotRedactable);
      continue;
    }
    const before = HistoryMessage.decode(read.history.bytes).events;
    const after = HistoryMessage.decode(redacted).events;
    for (const [index, event] of before.entries()) {
      const marker = event.markerRecordedEventAttributes;
      const other = after[index]?.markerRecordedEventAttributes;
      expect(other?.markerName).toBe(marker?.markerName);
      if (marker?.markerName === 'core_patch' || marker?.markerName === 'Version') {
        expect(other?.details).toEqual(marker.details);
      }
      expect(after[index]?.eventType).toBe(event.eventType);
    }
  }
});
