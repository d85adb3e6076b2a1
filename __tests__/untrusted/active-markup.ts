/** What the escapes and entities are that the action itself writes. */
const ENTITY = /&(?:amp|lt|gt|#\d+);/gu;

/**
 * The first thing in a line of Markdown that could become anything else than plain text in GitHub's
 * Markdown, or undefined. It is stricter than the language: what might be active somewhere is active.
 */
export function activeMarkup(line: string): string | undefined {
  const plain = line.replace(ENTITY, '\u00b7');
  return (
    // HTML, entities, emphasis, code, links, images, tables, strike-through, mathematics, footnotes.
    /[<>&\\`*_{}[\]()+!|~$^#]/u.exec(plain)?.[0] ??
    // Mentions and e-mail addresses: nothing that can be part of a name may follow.
    /@(?!\u00b7)/u.exec(plain)?.[0] ??
    // Automatic links.
    /\w+:\/\/|\bwww\.|\bGH-\d/iu.exec(plain)?.[0] ??
    // Blocks: lists, rules, underlined headings, indented code.
    /^(?:\s*[-=]|\s*\d+[.)]|\s{4,}\S)/u.exec(plain)?.[0] ??
    // A line break, or what a runner or a terminal takes for one.

    /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u.exec(plain)?.[0]
  );
}
