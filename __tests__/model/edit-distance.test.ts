import { expect, test } from '@jest/globals';
import { damerauLevenshtein } from '../../src/model/edit-distance.js';

test.each([
  ['', '', 0],
  ['compatible', 'compatible', 0],
  ['', 'abc', 3],
  ['compatible', 'compatable', 1],
  ['compatible', 'compatibl', 1],
  ['compatible', 'compattible', 1],
  ['compatible', 'comaptible', 1],
  ['compatible', 'compatibel', 1],
  ['kitten', 'sitting', 3],
  ['abc', 'xyz', 3],
])('%j and %j are %i edits apart, in either order', (a, b, distance) => {
  expect(damerauLevenshtein(a, b)).toBe(distance);
  expect(damerauLevenshtein(b, a)).toBe(distance);
});
