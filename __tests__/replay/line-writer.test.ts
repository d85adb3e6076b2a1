import { expect, test } from '@jest/globals';
import { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { LineWriter } from '../../src/replay/line-writer.js';
import { toReplayer } from '../../src/replay/protocol.js';
import { replayLine, type ReplayRequest } from '../../src/replay/replay-line.js';
import { aReplay } from './fake-replayer.js';

/** Takes a chunk for each turn, and says how much has waited at most. */
class Slow {
  text = '';
  most = 0;
  readonly stream: Writable;

  constructor() {
    this.stream = new Writable({
      highWaterMark: 1024,
      write: (chunk: Buffer, _, done) => {
        this.most = Math.max(this.most, this.stream.writableLength);
        this.text += chunk.toString('utf8');
        void turn().then(() => done());
      },
    });
  }

  async lines(count: number): Promise<string[]> {
    while (this.text.split('\n').length <= count) await turn();
    return this.text.split('\n').slice(0, count);
  }
}

const aRequest = (bytes: number): ReplayRequest => ({
  ...aReplay(),
  history: Uint8Array.from({ length: bytes }, (_, at) => at % 251),
});

test.each([0, 1, 3 * 1024 * 1024 - 1, 3 * 1024 * 1024, 3 * 1024 * 1024 + 1, 7_000_001])(
  'the line of a history of %i bytes is the message with its base64',
  (bytes) => {
    const request = aRequest(bytes);
    const line = replayLine(request);
    const whole = typeof line === 'string' ? line : [...line].join('');
    const message = toReplayer.parse(JSON.parse(whole));
    expect(message).toMatchObject({ type: 'replay', id: request.id, record: request.record });
    const history = 'history' in message ? Buffer.from(message.history, 'base64') : undefined;
    expect(history?.equals(request.history)).toBe(true);
  },
);

test('lines come whole and in order, long ones beside short ones, and wait outside of the stream', async () => {
  const slow = new Slow();
  const writer = new LineWriter(slow.stream);
  const piece = 'x'.repeat(10_000);
  const long = function* (): Generator<string> {
    for (let count = 0; count < 50; count += 1) yield piece;
    yield '\n';
  };
  writer.write('first\n');
  writer.write(long());
  writer.write('second\n');
  writer.write(long());
  writer.write('third\n');
  expect(await slow.lines(5)).toEqual([
    'first',
    piece.repeat(50),
    'second',
    piece.repeat(50),
    'third',
  ]);
  expect(slow.most).toBeLessThan(4 * piece.length);
});

test('what is written to nobody any more is lost, and no failure', async () => {
  const slow = new Slow();
  slow.stream.on('error', () => undefined);
  const writer = new LineWriter(slow.stream);
  writer.write(['a', 'b\n']);
  slow.stream.destroy();
  writer.write('c\n');
  writer.write(['d', 'e\n']);
  for (let turns = 0; turns < 20; turns += 1) await turn();
  expect(slow.text).not.toContain('c');
});
