import { describe, expect, it } from '@jest/globals';
import { LineReader } from '../../src/replay/line-reader.js';

function linesOf(chunks: readonly Uint8Array[], maxBytes = 1_000): string[] {
  const lines: string[] = [];
  const reader = new LineReader(
    (line) => lines.push(line),
    () => lines.push('(too long)'),
    maxBytes,
  );
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  return lines;
}

function bytes(...texts: string[]): Uint8Array[] {
  return texts.map((text) => Buffer.from(text));
}

describe('LineReader', () => {
  it('puts together what comes in pieces, also in the middle of a letter', () => {
    const whole = Buffer.from('{"a":"é"}\nnext\n');
    for (let at = 0; at <= whole.length; at++) {
      expect(linesOf([whole.subarray(0, at), whole.subarray(at)])).toEqual(['{"a":"é"}', 'next']);
    }
  });

  it('cuts several lines out of one piece and keeps a started one back', () => {
    expect(linesOf(bytes('one\ntwo\nthr', 'ee\nfour'))).toEqual(['one', 'two', 'three']);
  });

  it('passes over blank lines', () => {
    expect(linesOf(bytes('\n \r\n\none\n'))).toEqual(['one']);
  });

  it('says once that a line is too long, before it holds the whole of it, and reads no further', () => {
    expect(linesOf(bytes('12345\n', '123', '456', '78\nnext\n', 'more\n'), 5)).toEqual([
      '12345',
      '(too long)',
    ]);
  });
});
