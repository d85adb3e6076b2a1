import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildIdProblem, parseClaim } from '../../src/claim/parse-claim.js';
import { type ClaimPosition } from '../../src/model/claim.js';

/** Letters, digits and the punctuation that versions, dates, hashes and image tags are made of. */
const saneBuildId = fc.string({
  unit: fc.constantFrom(
    ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_+:/@#=~^()äßж中',
  ),
  minLength: 1,
  maxLength: 255,
});

/** Titles of which about one in four is a claim at the start. */
const nearlyClaim = fc
  .tuple(
    fc.constantFrom('', '', 'feat: ', 'fix(api)!: ', ' ', 'Revert "'),
    fc.oneof(saneBuildId, fc.string({ unit: 'binary', maxLength: 40 })),
    fc.string({ maxLength: 40 }),
  )
  .map(([before, buildId, after]) => `${before}[compatible-${buildId}]${after}`);

const anyTitle = fc.oneof(
  nearlyClaim,
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  // Titles that nearly are claims: pieces in any order.
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '[',
          ']',
          'compatible',
          'Compatible',
          '-',
          'v2.0',
          ' ',
          'feat: ',
          'Revert "',
        ),
        fc.constantFrom('\u200b', '\ufeff', '\uff3b', '\u0441', '"', '\\', '\n', '\ud800'),
      ),
      { maxLength: 12 },
    )
    .map((pieces) => pieces.join('')),
);

const anyPosition = fc.constantFrom<ClaimPosition>('start', 'after-type');

describe('parseClaim', () => {
  test('never throws, and gives one of three kinds', () => {
    fc.assert(
      fc.property(anyTitle, anyPosition, (title, position) => {
        expect(['claimed', 'not-claimed', 'malformed']).toContain(parseClaim(title, position).kind);
      }),
      { numRuns: 1000 },
    );
  });

  test('claims exactly the build ID that stands in the brackets', () => {
    fc.assert(
      fc.property(saneBuildId, fc.string(), anyPosition, (buildId, rest, position) => {
        expect(parseClaim(`[compatible-${buildId}]${rest}`, position)).toEqual({
          kind: 'claimed',
          buildId,
          from: 'title',
        });
      }),
    );
  });

  test('claims only what stands in the title literally and can be queried for', () => {
    let claimed = 0;
    fc.assert(
      fc.property(anyTitle, anyPosition, (title, position) => {
        const claim = parseClaim(title, position);
        if (claim.kind !== 'claimed') return;
        claimed += 1;
        expect(title).toContain(`[compatible-${claim.buildId}]`);
        expect(buildIdProblem(claim.buildId)).toBeUndefined();
        expect(claim.buildId).not.toMatch(/['"`\\[\]\s\p{C}]/u);
      }),
      { numRuns: 1000 },
    );
    // 85 are to be expected, and 20 are seven standard deviations below.
    expect(claimed).toBeGreaterThan(20);
  });

  test('is never malformed without a word that resembles "compatible"', () => {
    // Without any of the letters m, p, t and b (and what looks like them) four edits are missing.
    const unlike = fc
      .string({ unit: 'binary', maxLength: 200 })
      .map((title) => `[${title.replace(/[^\u0000-\u007f]|[mptb]/giu, '')}`);
    fc.assert(
      fc.property(unlike, anyPosition, (title, position) => {
        expect(parseClaim(title, position)).toEqual({ kind: 'not-claimed' });
      }),
    );
  });

  test('a claim at the start means the same in both positions', () => {
    let claimed = 0;
    fc.assert(
      fc.property(nearlyClaim, (title) => {
        const atStart = parseClaim(title, 'start');
        if (atStart.kind !== 'claimed') return;
        claimed += 1;
        expect(parseClaim(title, 'after-type')).toEqual(atStart);
      }),
      { numRuns: 500 },
    );
    // 125 are to be expected, and 50 are seven standard deviations below.
    expect(claimed).toBeGreaterThan(50);
  });
});
