import { expect, test } from '@jest/globals';
import { reachWords } from '../../src/report/reach-section.js';

test.each([
  [0, 0, 'No changed line is code that the workflow bundle runs.'],
  [1, 1, 'The one changed workflow line was run by replayed histories.'],
  [
    1,
    0,
    'The one changed workflow line was run by no replayed history, so this check says nothing about it.',
  ],
  [4, 4, 'All 4 changed workflow lines were run by replayed histories.'],
  [
    4,
    3,
    '1 of 4 changed workflow lines was run by no replayed history, so this check says nothing about it.',
  ],
  [
    4,
    0,
    '4 of 4 changed workflow lines were run by no replayed history, so this check says nothing about them.',
  ],
])('of %p changed lines, of which histories ran %p: %s', (changedLines, reachedLines, words) => {
  expect(reachWords({ changedLines, reachedLines, unreached: [] })).toBe(words);
});
