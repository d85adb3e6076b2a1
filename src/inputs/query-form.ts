/** What begins a comment in the server's parser of queries. */
const COMMENT = /^(?:#|--|\/\/|\/\*)/u;

/**
 * Says why a Visibility filter cannot be put in parentheses and ANDed to another one, or undefined.
 * `A) OR (B` would be read as two filters, of which each selects by itself. Whether the server
 * understands what is inside is the server's to say.
 */
export function queryFormProblem(query: string): string | undefined {
  let depth = 0;
  let quote: string | undefined;
  for (let at = 0; at < query.length; at += 1) {
    const character = query.charAt(at);
    if (quote !== undefined) {
      if (character === '\\') at += 1;
      // A doubled delimiter closes and opens again: the same in the end.
      else if (character === quote) quote = undefined;
    } else if (character === '"' || character === "'" || character === '`') {
      quote = character;
    } else if (COMMENT.test(query.slice(at, at + 2))) {
      return 'holds a comment, behind which the server would not see our parenthesis';
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
