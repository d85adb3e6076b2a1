import { expect, test } from '@jest/globals';
import { claimToCheck, type ClaimSettings } from '../../src/claim/claim-to-check.js';

type OnNoClaim = ClaimSettings['policy']['onNoClaim'];

const settings = (onNoClaim: OnNoClaim, buildId?: string): ClaimSettings => ({
  claimPosition: 'start',
  buildId,
  passesUnclaimedForks: true,
  policy: { onNoClaim },
});

test("the title's claim is checked, whatever is done with titles that claim nothing", () => {
  for (const mode of ['pass', 'fail', 'check', 'advise'] as const) {
    expect(claimToCheck({ title: '[compatible-v1] Wait' }, settings(mode))).toEqual({
      kind: 'claimed',
      buildId: 'v1',
      from: 'title',
    });
  }
});

test('the input build-id comes before the title', () => {
  expect(claimToCheck({ title: '[compatible-v1] Wait' }, settings('pass', 'v2'))).toEqual({
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
  expect(claimToCheck({ title: 'Wait' }, settings(mode)).kind).toBe(kind);
});

test('a near miss stays malformed, also where titles without a claim are checked', () => {
  expect(claimToCheck({ title: '[Compatible-v1] Wait' }, settings('advise')).kind).toBe(
    'malformed',
  );
});

test('what looked like a claim stays a warning', () => {
  expect(claimToCheck({ title: 'Wait [compatible-v1]' }, settings('check'))).toMatchObject({
    buildId: 'current',
    from: 'on-no-claim',
    warning: expect.stringContaining('not at its start') as unknown,
  });
});

test('a pull request from a fork that claims nothing is not checked where no credential can be there', () => {
  const fork = { title: 'Wait', isFromFork: true } as const;
  expect(claimToCheck(fork, settings('check'))).toEqual({
    kind: 'not-claimed',
    warning: expect.stringContaining('comes from a fork, where secrets are absent') as unknown,
  });
  const asked = { ...settings('check'), passesUnclaimedForks: false };
  expect(claimToCheck(fork, asked).kind).toBe('claimed');
  expect(claimToCheck({ ...fork, title: '[compatible-v1] Wait' }, settings('check'))).toMatchObject(
    {
      buildId: 'v1',
    },
  );
});
