import { expect, test } from '@jest/globals';
import { describeProblem, UserError } from '../../src/model/user-error.js';

test.each([
  [{ found: 'A', expected: 'B', fix: 'C' }, 'A. Expected: B. To fix: C.'],
  [{ found: 'A' }, 'A.'],
  [{ found: ' A! ', fix: 'C?' }, 'A! To fix: C?'],
])('%j reads: %s', (problem, words) => {
  expect(describeProblem(problem)).toBe(words);
  expect(new UserError(problem).message).toBe(words);
});

test('keeps its parts and its cause', () => {
  const cause = new Error('x');
  const error = new UserError({ found: 'A', fix: 'C' }, { cause });
  expect(error).toMatchObject({ name: 'UserError', found: 'A', fix: 'C', cause });
  expect(error.expected).toBeUndefined();
});
