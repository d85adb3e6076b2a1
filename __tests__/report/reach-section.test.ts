import { expect, test } from '@jest/globals';
import { reachWords } from '../../src/report/reach-section.js';

test.each([
  [0, 0, 'No changed line is code that the workflow bundle runs.'],
  [1, 1, 'Replayed histories ran the one changed workflow line.'],
  [
    1,
    0,
    'No replayed history ran the one changed workflow line, so this check says nothing about it.',
  ],
  [4, 4, 'Replayed histories ran all 4 changed workflow lines.'],
  [
    4,
    3,
    'No replayed history ran 1 of 4 changed workflow lines, so this check says nothing about it.',
  ],
  [
    4,
    0,
    'No replayed history ran 4 of 4 changed workflow lines, so this check says nothing about them.',
  ],
])('of %p changed lines, of which histories ran %p: %s', (changedLines, reachedLines, words) => {
  expect(reachWords({ changedLines, reachedLines, unreached: [] })).toBe(words);
});
