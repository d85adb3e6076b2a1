import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readable, truncate } from '../../src/untrusted/readable.js';
import { hostileText } from './hostile-text.js';

/** Characters that cannot be seen or that change how others are seen, by their Unicode categories. */
const UNSEEN = /[\u034f\p{C}\p{Zl}\p{Zp}\p{Variation_Selector}\u115f\u1160\u3164]/u;

describe('readable', () => {
  test.each([
    ['plain text, é, 中, 😀', 'plain text, é, 中, 😀'],
    ['two\nlines\r\nthree', 'two lines three'],
    ['a\tb\vc\fd\u0085e\u2028f\u2029g', 'a b c d e f g'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b]8;;https://e.com\u0007link\u001b]8;;\u001b\\', 'link'],
    ['\u001b]0;a title\u0007 and text', ' and text'],
    ['\u001b]no end to it', 'no end to it'],
    ['\u001b(text', String.raw`\u{1b}(text`],
    ['a\u0000b', String.raw`a\u{0}b`],
    ['a\u202eb', String.raw`a\u{202e}b`],
    ['a\u200bb', String.raw`a\u{200b}b`],
    ['\ufeffa', String.raw`\u{feff}a`],
    ['a\ufe0f', String.raw`a\u{fe0f}`],
    ['a\ud800b', 'a\ufffdb'],
    ['\u{e0041}', String.raw`\u{e0041}`],
    ['\u3164', String.raw`\u{3164}`],
  ])('shows %j as %j', (text, shown) => {
    expect(readable(text)).toBe(shown);
  });

  test('leaves nothing that cannot be seen, and one line', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(readable(text)).not.toMatch(UNSEEN);
      }),
      { numRuns: 1000 },
    );
  });

  test('changes nothing that it has made readable', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(readable(readable(text))).toBe(readable(text));
      }),
    );
  });

  test('changes no text that is readable already', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~äöü中文]*$/u), (text) => {
        expect(readable(text)).toBe(text);
      }),
    );
  });

  test('reads a text of hostile length in no time', () => {
    const before = performance.now();
    readable('\u001b]'.repeat(100_000));
    readable('\u001b['.repeat(100_000));
    expect(performance.now() - before).toBeLessThan(2000);
  });
});

describe('truncate', () => {
  test.each([
    ['short', 5, 'short'],
    ['longer', 5, 'long…'],
    ['', 5, ''],
    ['abc', 1, '…'],
    ['ab😀cd', 4, 'ab…'],
  ])('%j to %i is %j', (text, limit, cut) => {
    expect(truncate(text, limit)).toBe(cut);
  });

  test('keeps the limit, keeps the beginning, and cuts no character in two', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 1, max: 50 }),
        (text, limit) => {
          const cut = truncate(text, limit);
          expect(cut.length).toBeLessThanOrEqual(limit);
          expect(cut.isWellFormed()).toBe(true);
          expect(text.startsWith(cut.replace(/…$/u, ''))).toBe(true);
        },
      ),
    );
  });
});
