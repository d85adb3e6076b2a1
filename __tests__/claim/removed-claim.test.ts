import { expect, test } from '@jest/globals';
import { removedClaim } from '../../src/claim/removed-claim.js';

test.each<[string, readonly string[], string | undefined]>([
  ['none', [], undefined],
  [
    'titles without a claim',
    ['Wait', 'Revert "[compatible-v1] Wait"', '[Compatible v1] Wait'],
    undefined,
  ],
  ['the newest claim of several', ['Wait', '[compatible-v2] Wait', '[compatible-v1] Wait'], 'v2'],
])('of %s', (_, titles, expected) => {
  expect(removedClaim(titles, 'start')).toBe(expected);
});

test('a claim is one where claims may stand', () => {
  expect(removedClaim(['feat: [compatible-v1] Wait'], 'start')).toBeUndefined();
  expect(removedClaim(['feat: [compatible-v1] Wait'], 'after-type')).toBe('v1');
});
