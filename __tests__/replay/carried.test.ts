import { describe, expect, test } from '@jest/globals';
import {
  CarriedFields,
  encodingOfDigest,
  MAX_CARRIED_FIELDS,
  payloadDigest,
} from '../../src/replay/carried.js';
import { parseFromReplayer } from '../../src/replay/protocol.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function payload(text: string, encoding = 'json/plain', messageType?: string) {
  return {
    metadata: {
      encoding: bytes(encoding),
      ...(messageType === undefined ? {} : { messageType: bytes(messageType) }),
    },
    data: bytes(text),
  };
}

describe('a digest of a payload', () => {
  test('is that of the document, so that other replayers can make it', () => {
    // printf 'json/plain\0\0{"a":[1,2],"b":null}' | sha256sum
    expect(payloadDigest(payload('{ "b": null, "a": [1, 2] }'))).toBe(
      'json/plain:bbf19a6cc29a9f163504ccaed21d7434',
    );
  });

  test('is the same for JSON that is equal after parsing', () => {
    const one = payloadDigest(payload('{"a":{"x":1,"y":[true]},"b":"é"}'));
    expect(payloadDigest(payload('{"b":"\\u00e9", "a":{"y":[true],"x":1.0}}'))).toBe(one);
  });

  test.each([
    ['another value', payload('{"a":2}')],
    ['another order in a list', payload('[2,1]')],
    ['another encoding', payload('{"a":1}', 'json/protobuf')],
    ['another message', payload('{"a":1}', 'json/plain', 'acme.Order')],
    ['a key __proto__', payload('{"a":1,"__proto__":{}}')],
    ['no JSON', payload('{"a":1')],
    ['nothing', { metadata: null, data: null }],
  ])('tells %s', (_, other) => {
    const digests = [payload('{"a":1}'), payload('[1,2]')].map(payloadDigest);
    expect(digests).not.toContain(payloadDigest(other));
  });

  test('is of the bytes where it is no JSON', () => {
    expect(payloadDigest(payload(' x', 'binary/plain'))).not.toBe(
      payloadDigest(payload('x', 'binary/plain')),
    );
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(payloadDigest(payload(deep))).toMatch(/^json\/plain:[0-9a-f]{32}$/u);
  });

  test('shows its encoding and nothing of its data', () => {
    const digest = payloadDigest(payload('"secret"', 'binary/encrypted'));
    expect(encodingOfDigest(digest)).toBe('binary/encrypted');
    expect(digest).not.toContain('secret');
  });
});

describe('fields', () => {
  test('of durations are milliseconds, of numbers and of longs alike', () => {
    const carried = new CarriedFields()
      .duration('a', { seconds: 90, nanos: 5_000_000 })
      .duration('b', { seconds: { low: -1, high: 0 }, nanos: 0 })
      .duration('c', { seconds: 0, nanos: 0 })
      .duration('d', undefined)
      .done();
    expect(carried?.values).toEqual({ a: 90_005, b: 4_294_967_295_000 });
  });

  test('that protobuf does not tell from unset are left out', () => {
    const carried = new CarriedFields()
      .value('a', '')
      .value('b', 0)
      .value('c', false)
      .value('d', true)
      .done();
    expect(carried?.values).toEqual({ d: true });
  });

  test('of a failure hide its message and show its type, also of its causes', () => {
    const carried = new CarriedFields()
      .failure({
        message: 'secret',
        applicationFailureInfo: { type: 'Declined', nonRetryable: true },
        cause: { message: 'secret too', applicationFailureInfo: { type: 'Cause' } },
      })
      .done();
    expect(carried?.values).toEqual({
      'failure type': 'Declined',
      'failure nonRetryable': true,
      'failure cause type': 'Cause',
    });
    expect(Object.keys(carried?.digests ?? {})).toEqual([
      'failure message',
      'failure cause message',
    ]);
    expect(JSON.stringify(carried)).not.toContain('secret');
  });

  test('are none where there are too many', () => {
    const many = Array.from({ length: MAX_CARRIED_FIELDS + 1 }, () => payload('1'));
    expect(new CarriedFields().payloads('argument', many).done()).toBeUndefined();
    expect(new CarriedFields().payloads('argument', many.slice(1)).done()).toBeDefined();
  });
});

describe('what crosses from a replayer', () => {
  const crossed = (carries: unknown): unknown => {
    const message = parseFromReplayer(
      JSON.stringify({
        type: 'result',
        id: '1',
        outcome: 'passed',
        commands: [{ command: 'StartTimer', name: '', historyLength: 3, carries }],
      }),
    );
    if (typeof message === 'string' || message.type !== 'result') return message;
    return message.commands?.[0]?.carries;
  };

  test('is what was told', () => {
    const carried = new CarriedFields()
      .value('taskQueue', 'orders')
      .payload('x', payload('1'))
      .done();
    expect(crossed(carried)).toEqual(carried);
  });

  test.each([
    ['of another form', 'everything'],
    ['with a payload in clear', { values: {}, digests: { 'argument 1': 'secret' } }],
    ['with a long text', { values: { taskQueue: 'x'.repeat(301) }, digests: {} }],
    ['with a long name', { values: { ['x'.repeat(101)]: 1 }, digests: {} }],
    [
      'with too many fields',
      {
        values: Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`f${i}`, 1])),
        digests: {},
      },
    ],
  ])('%s is dropped, and ends nothing', (_, carries) => {
    expect(crossed(carries)).toBeUndefined();
  });
});
