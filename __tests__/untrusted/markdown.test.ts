import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { markdownCode, markdownFence, markdownText } from '../../src/untrusted/markdown.js';
import { readable, truncate } from '../../src/untrusted/readable.js';
import { activeMarkup } from './active-markup.js';
import { hostileText } from './hostile-text.js';

/** What a browser shows of text with entities. */
function shown(html: string): string {
  return html
    .replace(/&#(\d+);/gu, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll('\u200d', '');
}

test.each([
  ['*emphasis*', '*'],
  ['a | b', '|'],
  ['<b>', '<'],
  ['@user', '@'],
  ['https://example.com', 'https://'],
  ['www.example.com', 'www.'],
  ['- item', '-'],
  ['1. item', '1.'],
  ['    code', '    c'],
  ['===', '='],
  ['&amp;&copy;', undefined],
  ['plain text', undefined],
])('the judge knows what is active: %j', (text, active) => {
  if (active !== undefined) expect(activeMarkup(text)).toBe(active);
  else if (!text.includes('&copy')) expect(activeMarkup(text)).toBeUndefined();
  else expect(activeMarkup(text)).toBe('&');
});

describe('markdownText', () => {
  test('leaves nothing active, wherever the text stands', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect([text, activeMarkup(markdownText(text))]).toEqual([text, undefined]);
      }),
      { numRuns: 1000 },
    );
  });

  test('shows the same text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(shown(markdownText(text))).toBe(truncate(readable(text).trim(), 300));
      }),
    );
  });

  test.each([
    ['orderWorkflow v2.0', 'orderWorkflow v2.0'],
    ['a_b', 'a&#95;b'],
    ['a|b', 'a&#124;b'],
    ['<script>', '&lt;script&gt;'],
    ['&lt;', '&amp;lt;'],
    ['@team', '@&#8205;team'],
    ['see #12', 'see &#35;&#8205;12'],
    ['C# #ab12', 'C&#35; &#35;ab12'],
    ['GH-7', 'GH&#45;&#8205;7'],
    ['1. first', '1&#46; first'],
    ['12) twelfth', '12&#41; twelfth'],
    ['    indented', 'indented'],
  ])('%j is %j', (text, markdown) => {
    expect(markdownText(text)).toBe(markdown);
  });

  test('cuts the text, not its escapes', () => {
    expect(markdownText('*'.repeat(10), 4)).toBe('&#42;&#42;&#42;…');
    expect(shown(markdownText('<'.repeat(1000)))).toHaveLength(300);
  });
});

describe('markdownCode', () => {
  const inner = (markdown: string): string => {
    expect(markdown).toMatch(/^<code>.*<\/code>$/u);
    return markdown.slice('<code>'.length, -'</code>'.length);
  };

  test('is one element with nothing active in it', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        // Within the element no line begins, so what only means something there is no danger.
        expect([text, activeMarkup(`x${inner(markdownCode(text))}`)]).toEqual([text, undefined]);
      }),
      { numRuns: 1000 },
    );
  });

  test('shows the same text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(shown(inner(markdownCode(text)))).toBe(truncate(readable(text), 300));
      }),
    );
  });
});

describe('markdownFence', () => {
  const rows = fc.array(
    fc.oneof(hostileText, fc.constantFrom('`'.repeat(3), '`'.repeat(9), '~~~')),
  );

  test('is ended by its last line alone, whatever the text holds', () => {
    fc.assert(
      fc.property(rows, (lines) => {
        const [first = '', ...rest] = markdownFence(lines.join('\n'), 'ts').split('\n');
        const fence = /^(`{3,})ts$/u.exec(first)?.[1] ?? '';
        expect(fence).not.toBe('');
        expect(rest.at(-1)).toBe(fence);
        for (const line of rest.slice(0, -1)) expect(line).not.toContain(fence);
        expect(rest.join('')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      }),
    );
  });

  test('leaves code as it is', () => {
    expect(markdownFence("if (a < b) {\n  await c('d');\n}", 'ts')).toBe(
      "```ts\nif (a < b) {\n  await c('d');\n}\n```",
    );
  });

  test('has an end, however long the text is', () => {
    expect(markdownFence('a\n'.repeat(1000), 'ts').split('\n').length).toBeLessThan(50);
  });
});
