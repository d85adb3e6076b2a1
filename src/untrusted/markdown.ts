import { readable, truncate } from './readable.js';

/** The most characters of an untrusted text that a report shows. Longer texts end in an ellipsis. */
const MAX_TEXT = 300;

/** Readable text holds no joiner, so every joiner is ours. */
const JOINER = '\u200d';

/**
 * Untrusted text as plain text in GitHub's Markdown, also within a table cell: it makes no formatting, links,
 * HTML, mentions, issue references or automatic links.
 */
export function markdownText(text: string, limit: number = MAX_TEXT): string {
  return (
    // Leading white space could make a block of code.
    truncate(readable(text).trim(), limit)
      // GitHub looks for mentions and references in the rendered text, so an entity does not help. A
      // zero-width joiner prevents them, and nobody sees it.
      .replace(/@|#(?=\d)|\bGH-(?=\d)/giu, `$&${JOINER}`)
      .replace(/&/gu, '&amp;')
      .replace(/</gu, '&lt;')
      .replace(/>/gu, '&gt;')
      .replace(/[\\`*_{}[\]()#+!|~$^=-]/gu, (character) => `&#${character.codePointAt(0)};`)
      .replaceAll(JOINER, '&#8205;')
      .replace(/:(?=\/\/)/gu, '&#58;')
      .replace(/\bwww\./giu, (www) => `${www.slice(0, 3)}&#46;`)
      // A number and a dot begin a list.
      .replace(/^(\d+)\./u, '$1&#46;')
  );
}

/** Untrusted text as inline code, also within a table cell. */
export function markdownCode(text: string, limit: number = MAX_TEXT): string {
  const safe = truncate(readable(text), limit)
    .replace(/&/gu, '&amp;')
    .replace(/</gu, '&lt;')
    .replace(/>/gu, '&gt;')
    .replace(/[\\`*_{}[\]()#+!|~$^@:.-]/gu, (character) => `&#${character.codePointAt(0)};`);
  // An HTML element rather than backticks: a backtick or a pipe in the text cannot end it.
  return `<code>${safe}</code>`;
}

/** The most lines of a fenced block, and the most characters of each. */
const MAX_LINES = 40;

/** What no fix is longer than. */
const MAX_DIFF_LINES = 500;
const MAX_LINE = 1000;

/**
 * Untrusted text as a fenced block of code. The fence is longer than each row of backticks in the text, so that no line
 * of it can end the block.
 *
 * @param language our own word, never a foreign one
 */
export function markdownFence(text: string, language: string): string {
  return fenced(text, language, MAX_LINES, readable);
}

/** A diff as a fenced block of code. Its tabs stay, so that it can be applied. */
export function markdownDiff(diff: string): string {
  return fenced(diff, 'diff', MAX_DIFF_LINES, (line) => line.split('\t').map(readable).join('\t'));
}

function fenced(
  text: string,
  language: string,
  maxLines: number,
  show: (line: string) => string,
): string {
  const lines = text
    .split('\n')
    .slice(0, maxLines)
    .map((line) => truncate(show(line), MAX_LINE));
  const longest = Math.max(
    2,
    ...lines.flatMap((line) => line.match(/`+/gu) ?? []).map((row) => row.length),
  );
  const fence = '`'.repeat(longest + 1);
  return [fence + language, ...lines, fence].join('\n');
}
