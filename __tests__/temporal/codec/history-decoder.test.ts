import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Payload } from '@temporalio/common';
import { encodedPayloads } from '../../../src/temporal/codec/encoded-payloads.js';
import { HistoryDecoder } from '../../../src/temporal/codec/history-decoder.js';
import { UndecodablePayloads, type RemoteCodec } from '../../../src/temporal/codec/remote-codec.js';
import { HistoryMessage, type IPayload } from '../../../src/temporal/history/proto.js';
import type { HistoryRead } from '../../../src/model/history.js';
import { UserError } from '../../../src/model/user-error.js';
import { exampleCodec } from '../../../testing/codec-server.js';
import { readFixtures } from '../../fixtures/histories.js';

const NEVER = new AbortController().signal;
const [encrypted] = readFixtures('orders-encrypted-1.24.0');
const [plain] = readFixtures('orders-1.24.0');
if (encrypted === undefined || plain === undefined) throw new Error('no fixtures');

type Decode = (payloads: readonly IPayload[], signal: AbortSignal) => Promise<IPayload[]>;
const decoderWith = (decode: Decode): HistoryDecoder =>
  new HistoryDecoder({ decode } as unknown as RemoteCodec);
const refuses: Decode = () => Promise.reject(new UndecodablePayloads('it has another key'));

let asked: number;
let works: Decode;
beforeEach(async () => {
  asked = 0;
  const codec = await exampleCodec();
  works = (payloads) => {
    asked += 1;
    return codec.decode([...payloads] as Payload[]);
  };
});

function payloadsOf(read: HistoryRead): IPayload[] {
  if (read.kind !== 'read') throw new Error(`it is ${read.kind}`);
  return encodedPayloads(HistoryMessage.decode(read.history.bytes));
}

test('a recorded history comes out without an encoded payload, and with everything else as it was', async () => {
  expect(payloadsOf(encrypted.read).length).toBeGreaterThan(2);
  const read = await decoderWith(works).decode(encrypted.read, NEVER);
  expect(payloadsOf(read)).toEqual([]);
  if (read.kind !== 'read') throw new Error('unreadable');
  const { events } = HistoryMessage.decode(read.history.bytes);
  expect(events.map(({ eventId, eventType }) => [Number(eventId), eventType])).toEqual(
    encrypted.events.map(({ eventId, eventType }) => [Number(eventId), eventType]),
  );
  const input = events[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
  expect(JSON.parse(Buffer.from(input?.data ?? []).toString())).toMatchObject({
    orderId: expect.any(String),
  });
});

test('a history without encoded payloads is not sent anywhere', async () => {
  expect(await decoderWith(works).decode(plain.read, NEVER)).toBe(plain.read);
  expect(asked).toBe(0);
});

test('neither is one that will not be replayed', async () => {
  const { execution, history } = encrypted.read;
  const reads: HistoryRead[] = [
    { kind: 'gone', execution },
    { kind: 'unreadable', execution, message: 'a gap' },
    { kind: 'read', execution, history: { ...history, completedTasks: 0 } },
  ];
  for (const read of reads) expect(await decoderWith(works).decode(read, NEVER)).toBe(read);
  expect(asked).toBe(0);
});

describe('what the codec refuses', () => {
  test('costs its own history only', async () => {
    expect(await decoderWith(refuses).decode(encrypted.read, NEVER)).toMatchObject({
      kind: 'unreadable',
      message: 'it has another key',
    });
  });

  test('five times, with nothing decoded before, is one error for all', async () => {
    const decoder = decoderWith(refuses);
    for (let i = 0; i < 4; i += 1) await decoder.decode(encrypted.read, NEVER);
    await expect(decoder.decode(encrypted.read, NEVER)).rejects.toThrow(
      /None of 5 histories could be decoded. it has another key/u,
    );
  });

  test('is the same error for histories that are decoded at the same time', async () => {
    const decoder = decoderWith(refuses);
    const ends = await Promise.allSettled(
      Array.from({ length: 7 }, () => decoder.decode(encrypted.read, NEVER)),
    );
    const errors = ends.flatMap((end) =>
      end.status === 'rejected' ? [end.reason as unknown] : [],
    );
    expect(errors).toHaveLength(3);
    expect(new Set(errors).size).toBe(1);
    expect(String(errors[0])).toMatch(/None of 5 histories could be decoded/u);
  });

  test('stays that of its histories once one was decoded', async () => {
    let calls = 0;
    const decoder = decoderWith((payloads, signal) => {
      calls += 1;
      return calls === 2 ? works(payloads, signal) : refuses(payloads, signal);
    });
    const kinds: string[] = [];
    for (let i = 0; i < 9; i += 1) {
      kinds.push((await decoder.decode(encrypted.read, NEVER)).kind);
    }
    expect(kinds).toEqual(['unreadable', 'read', ...Array<string>(7).fill('unreadable')]);
  });
});

test('a codec that cannot be used ends the reading', async () => {
  const problem = new UserError({ found: 'no codec', expected: 'one', fix: 'start it' });
  const decoder = decoderWith(() => Promise.reject(problem));
  await expect(decoder.decode(encrypted.read, NEVER)).rejects.toBe(problem);
});

test('when time is up the history is left, without an error', async () => {
  const stop = AbortSignal.abort(new Error('time is up'));
  const decoder = decoderWith((_, signal) => {
    signal.throwIfAborted();
    return Promise.resolve([]);
  });
  expect(await decoder.decode(encrypted.read, stop)).toMatchObject({ kind: 'unreadable' });
});
