/**
 * Makes untrusted text safe to look at on one line: characters that are invisible, or that change how
 * others look (control characters, ANSI escapes, bidirectional marks, zero-width characters), become
 * visible escapes or spaces. An escape sequence that never ends swallows nothing. The result is not safe
 * for Markdown or the runner's log: `markdown.ts` and `log-line.ts` are for those.
 */
export function readable(text: string): string {
  return text
    .toWellFormed()
    .replace(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/gu, '')
    .replace(/[\r\n\t\v\f\u0085\u2028\u2029]+/gu, ' ')
    .replace(INVISIBLE, escapeCodePoint);
}

const INVISIBLE =
  /[\u034f\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Variation_Selector}\u115f\u1160\u3164]/gu;

function escapeCodePoint(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `\\u{${code.toString(16)}}`;
}

/** At most `limit` UTF-16 units, cut between characters, with an ellipsis where text is missing. */
export function truncate(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text
    .slice(0, Math.max(0, limit - 1))
    .toWellFormed()
    .replace(/\ufffd$/u, '')}…`;
}
