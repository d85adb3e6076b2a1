/** What begins a comment in the server's query parser. */
const COMMENT = /^(?:#|--|\/\/|\/\*)/u;

/**
 * Says why a Visibility filter cannot be put in parentheses and ANDed to another one, or undefined.
 * The server would read `A) OR (B` as two filters that each select by themselves. Whether the filter itself
 * is valid, the server decides.
 */
export function queryFormProblem(query: string): string | undefined {
  let depth = 0;
  let quote: string | undefined;
  for (let at = 0; at < query.length; at += 1) {
    const character = query.charAt(at);
    if (quote !== undefined) {
      if (character === '\\') at += 1;
      // A doubled delimiter closes and opens again, so the quote stays open.
      else if (character === quote) quote = undefined;
    } else if (character === '"' || character === "'" || character === '`') {
      quote = character;
    } else if (COMMENT.test(query.slice(at, at + 2))) {
      return 'holds a comment, which would hide our closing parenthesis from the server';
    } else if (character === '(') {
      depth += 1;
    } else if (character === ')') {
      depth -= 1;
      if (depth < 0) return 'closes a parenthesis that it did not open';
    }
  }
  if (quote !== undefined) return `does not close a quote (${quote})`;
  return depth > 0 ? 'does not close a parenthesis' : undefined;
}
