import { expect, test } from '@jest/globals';
import { ProgressLine } from '../../src/terminal/progress-line.js';

test('a terminal gets one line, which is gone before anything else is printed', () => {
  const written: string[] = [];
  const line = new ProgressLine({ write: (text) => written.push(text) });
  line.show('Replayed 1 of 9');
  line.show('Replayed 2 of 9');
  line.clear();
  line.clear();
  expect(written).toEqual(['\rReplayed 1 of 9\u001b[K', '\r\u001b[K']);
});

test('a pipe gets nothing', () => {
  const line = new ProgressLine(undefined);
  line.show('Replayed 1 of 9');
  expect(() => line.clear()).not.toThrow();
});
