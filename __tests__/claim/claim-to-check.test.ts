import { expect, test } from '@jest/globals';
import { claimToCheck, type ClaimSettings } from '../../src/claim/claim-to-check.js';

type OnNoClaim = ClaimSettings['policy']['onNoClaim'];

const settings = (onNoClaim: OnNoClaim, buildId?: string): ClaimSettings => ({
  claimPosition: 'start',
  buildId,
  policy: { onNoClaim },
});

test("the title's claim is checked, whatever is done with titles that claim nothing", () => {
  for (const mode of ['pass', 'fail', 'check', 'advise'] as const) {
    expect(claimToCheck('[compatible-v1] Wait', settings(mode))).toEqual({
      kind: 'claimed',
      buildId: 'v1',
      from: 'title',
    });
  }
});

test('the input build-id comes before the title', () => {
  expect(claimToCheck('[compatible-v1] Wait', settings('pass', 'v2'))).toEqual({
    kind: 'claimed',
    buildId: 'v2',
    from: 'build-id',
  });
});

test.each<[OnNoClaim, string]>([
  ['pass', 'not-claimed'],
  ['fail', 'not-claimed'],
  ['check', 'claimed'],
  ['advise', 'claimed'],
])('with on-no-claim: %s, a title without a claim is %s', (mode, kind) => {
  expect(claimToCheck('Wait', settings(mode)).kind).toBe(kind);
});

test('a near miss stays malformed, also where titles without a claim are checked', () => {
  expect(claimToCheck('[Compatible-v1] Wait', settings('advise')).kind).toBe('malformed');
});

test('what looked like a claim stays a warning', () => {
  expect(claimToCheck('Wait [compatible-v1]', settings('check'))).toMatchObject({
    buildId: 'current',
    from: 'on-no-claim',
    warning: expect.stringContaining('not at its start') as unknown,
  });
});
