import { describe, expect, test } from '@jest/globals';
import { parseClaim, waysOut } from '../../src/claim/parse-claim.js';
import { type ClaimPosition } from '../../src/model/claim.js';

function problemOf(title: string, position?: ClaimPosition): string {
  const claim = parseClaim(title, position);
  if (claim.kind !== 'malformed') throw new Error(`${title} is ${JSON.stringify(claim)}`);
  return claim.problem;
}

function warningOf(title: string, position?: ClaimPosition): string | undefined {
  const claim = parseClaim(title, position);
  if (claim.kind !== 'not-claimed') throw new Error(`${title} is ${JSON.stringify(claim)}`);
  return claim.warning;
}

describe('a claim at the start of the title', () => {
  test.each([
    ['[compatible-v2.0] Wait a second before finishing', 'v2.0'],
    ['[compatible-v2.0]Wait', 'v2.0'],
    ['[compatible-v2.0]', 'v2.0'],
    ['  [compatible-v2.0] Wait', 'v2.0'],
    ['[compatible-1] Wait', '1'],
    ['[compatible-2026-10-01.3+abc/def:x@y] Wait', '2026-10-01.3+abc/def:x@y'],
    ['[compatible--] Wait', '-'],
    ['[compatible-версия] Wait', 'версия'],
    ['[compatible-v1][compatible-v2] Wait', 'v1'],
    ['[compatible-current] Wait', 'current'],
  ])('%s claims %s', (title, buildId) => {
    expect(parseClaim(title)).toEqual({ kind: 'claimed', buildId, from: 'title' });
  });
});

describe('a near miss at the start of the title is malformed', () => {
  test.each([
    ['[Compatible-v2.0] Wait', 'lower case'],
    ['[COMPATIBLE-v2.0] Wait', 'lower case'],
    ['[compatible v2.0] Wait', 'followed by "-"'],
    ['[compatible_v2.0] Wait', 'followed by "-"'],
    ['[compatible: v2.0] Wait', 'followed by "-"'],
    ['[compatible] Wait', 'followed by "-"'],
    ['[compatible-] Wait', 'names no build ID'],
    ['[compatible- ] Wait', 'is empty'],
    ['[compatible-v2.0 Wait', 'not closed'],
    ['[compatible-v2.0', 'not closed'],
    ['[ compatible-v2.0] Wait', 'looks like a claim'],
    ['[[compatible-v2.0]] Wait', 'looks like a claim'],
    ['(compatible-v2.0) Wait', 'looks like a claim'],
    ['{compatible-v2.0} Wait', 'looks like a claim'],
    ['<compatible-v2.0> Wait', 'looks like a claim'],
    ['[compatable-v2.0] Wait', 'looks like a claim'],
    ['[comaptible-v2.0] Wait', 'looks like a claim'],
    ['[compatibel-v2.0] Wait', 'looks like a claim'],
    // Two slips of the hand: a letter left out, and one for another.
    ['[comptable-v2.0] Wait', 'looks like a claim'],
  ])('%s', (title, words) => {
    expect(problemOf(title)).toContain(words);
    // Also where claims may stand after a type.
    expect(problemOf(title, 'after-type')).toContain(words);
  });

  test.each([
    ['a zero-width space before it', '\u200b[compatible-v2.0] Wait'],
    ['a zero-width space in the word', '[comp\u200batible-v2.0] Wait'],
    ['a word joiner after the bracket', '[\u2060compatible-v2.0] Wait'],
    ['a soft hyphen for the hyphen', '[compatible\u00ad-v2.0] Wait'],
    ['a Hangul filler', '[compatible\u3164-v2.0] Wait'],
    ['a variation selector', '[compatible\ufe0f-v2.0] Wait'],
    ['a non-breaking hyphen', '[compatible\u2011v2.0] Wait'],
    ['an en dash', '[compatible\u2013v2.0] Wait'],
    ['an em dash', '[compatible\u2014v2.0] Wait'],
    ['a minus sign', '[compatible\u2212v2.0] Wait'],
    ['full-width brackets', '\uff3bcompatible-v2.0\uff3d Wait'],
    ['lenticular brackets', '\u3010compatible-v2.0\u3011 Wait'],
    ['full-width letters', '[\uff43ompatible-v2.0] Wait'],
    ['a full-width hyphen', '[compatible\uff0dv2.0] Wait'],
    ['a Cyrillic с', '[\u0441ompatible-v2.0] Wait'],
    ['a Greek ο', '[c\u03bfmpatible-v2.0] Wait'],
    ['a dotless i', '[compat\u0131ble-v2.0] Wait'],
  ])('%s', (_, title) => {
    expect(problemOf(title)).toContain('invisible or look-alike character');
  });

  test('the message shows what was found, with what cannot be seen made visible', () => {
    expect(problemOf('[comp\u200batible-v2.0] Wait')).toContain(
      String.raw`"[comp\u{200b}atible-v2.0] Wait"`,
    );
  });

  test('the message shows no more than the beginning of a long title', () => {
    expect(problemOf(`[Compatible-v2.0] ${'long '.repeat(1000)}`).length).toBeLessThan(120);
  });
});

describe('a claim after a Conventional Commit type', () => {
  const titles = [
    'feat: [compatible-v2.0] Wait',
    'feat:[compatible-v2.0] Wait',
    'fix(orders): [compatible-v2.0] Wait',
    'fix(orders, billing)!: [compatible-v2.0] Wait',
    'Build-System!: [compatible-v2.0] Wait',
  ];

  test.each(titles)(
    '%s is malformed by default, and the setting that allows it is named',
    (title) => {
      expect(problemOf(title)).toMatch(/stands after ".*:" .*claim-position: after-type/u);
    },
  );

  test.each(titles)('%s is a claim with claim-position: after-type', (title) => {
    expect(parseClaim(title, 'after-type')).toEqual({
      kind: 'claimed',
      buildId: 'v2.0',
      from: 'title',
    });
  });

  test('claim-position: after-type still allows the start', () => {
    expect(parseClaim('[compatible-v2.0] feat: Wait', 'after-type').kind).toBe('claimed');
  });

  test.each([
    'feat: [Compatible-v2.0] Wait',
    'feat: [compatible v2.0] Wait',
    'feat: [compatible-] Wait',
    'feat: [compatible-v2.0 Wait',
    'feat: [comp\u200batible-v2.0] Wait',
    'fe\u200bat: [compatible-v2.0] Wait',
    'feat\uff1a [compatible-v2.0] Wait',
  ])('the near miss %j is malformed in both positions', (title) => {
    expect(parseClaim(title, 'start').kind).toBe('malformed');
    expect(parseClaim(title, 'after-type').kind).toBe('malformed');
  });
});

describe('what looks like a claim elsewhere claims nothing, with a warning', () => {
  test.each([
    'Wait a second [compatible-v2.0]',
    'Wait [Compatible-v2.0] a second',
    'feat: wait [compatible-v2.0]',
    '[JIRA-12] [compatible-v2.0] Wait',
    '"[compatible-v2.0] Wait"',
  ])('%s', (title) => {
    expect(warningOf(title)).toContain('but not at its start');
  });

  test.each([
    'Revert "[compatible-v2.0] Wait a second"',
    'Revert: "[compatible-v2.0] Wait a second"',
    'revert "[compatible-v2.0] Wait a second"',
  ])('%s says that a revert claims nothing by itself', (title) => {
    expect(warningOf(title)).toContain('reverts a change that made a claim');
  });

  test.each(['compatible-v2.0 Wait', 'Compatible: v2.0', 'compatible \u2013 v2.0'])(
    '%s has no brackets',
    (title) => {
      expect(warningOf(title)).toContain('no brackets');
    },
  );
});

describe('a title that says something else claims nothing, without a word', () => {
  test.each([
    '',
    '   ',
    'Wait a second before finishing',
    'Make the API compatible with v2',
    '[incompatible-v2.0] Wait',
    '[compatibility] Wait',
    '[compatibility-v2.0] Wait',
    '[backwards compatible] Wait',
    '[WIP] Wait',
    '[computer-vision] Wait',
    'feat: wait',
    'chore(deps): bump @temporalio/worker',
    '[] Wait',
    '[',
  ])('%j', (title) => {
    expect(parseClaim(title)).toEqual({ kind: 'not-claimed' });
    expect(parseClaim(title, 'after-type')).toEqual({ kind: 'not-claimed' });
  });
});

describe('a build ID that no Visibility query can carry is malformed', () => {
  test.each([
    ['[compatible-v2 beta] Wait', 'white space'],
    ['[compatible-v2\u00a0beta] Wait', 'white space'],
    ["[compatible-v2'] Wait", 'a quote or a backslash'],
    ['[compatible-v2"] Wait', 'a quote or a backslash'],
    ['[compatible-v2`] Wait', 'a quote or a backslash'],
    ['[compatible-v2\\] Wait', 'a quote or a backslash'],
    ['[compatible-v2\u0007] Wait', 'a control or invisible character'],
    ['[compatible-v2\u200b] Wait', 'a control or invisible character'],
    ['[compatible-v2\u202e] Wait', 'a control or invisible character'],
    ['[compatible-v2\ufe0f] Wait', 'a control or invisible character'],
    ['[compatible-v2\u3164] Wait', 'a control or invisible character'],
    ['[compatible-v2\ud800] Wait', 'a control or invisible character'],
    ['[compatible-[v2]] Wait', 'a bracket'],
    [`[compatible-${'v'.repeat(256)}] Wait`, 'at most 255'],
  ])('%j', (title, words) => {
    expect(problemOf(title)).toContain(words);
  });

  test('the longest that the server takes is claimed', () => {
    expect(parseClaim(`[compatible-${'v'.repeat(255)}] Wait`).kind).toBe('claimed');
  });
});

test('both ways out of a malformed claim are offered', () => {
  expect(waysOut()).toContain('[compatible-BUILD_ID]');
  expect(waysOut()).toContain('remove the brackets');
});
