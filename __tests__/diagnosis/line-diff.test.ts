import { expect, test } from '@jest/globals';
import { diffLines } from '../../src/diagnosis/line-diff.js';

const diff = (before: string, after: string): unknown =>
  diffLines(before.split(' '), after.split(' '));

test('lines that are new, gone and rewritten, each at its place', () => {
  expect(diff('a b c', 'a x b c')).toEqual([{ before: [1, 1], after: [1, 2] }]);
  expect(diff('a b c', 'a c')).toEqual([{ before: [1, 2], after: [1, 1] }]);
  expect(diff('a b c d', 'a x c')).toEqual([
    { before: [1, 2], after: [1, 2] },
    { before: [3, 4], after: [3, 3] },
  ]);
  expect(diff('a b', 'a b')).toEqual([]);
});

test('a line that is only indented anew stays', () => {
  expect(diffLines(['if (a) {', '  b();', '}'], ['b();'])).toEqual([
    { before: [0, 1], after: [0, 0] },
    { before: [2, 3], after: [1, 1] },
  ]);
});
