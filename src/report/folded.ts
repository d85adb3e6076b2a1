/**
 * A part of a summary that a reader opens.
 *
 * @param title Markdown that is safe already, and on one line
 * @param body Markdown that is safe already
 */
export function folded(title: string, body: string, isOpen = false): string {
  return `<details${isOpen ? ' open' : ''}><summary>${title}</summary>\n\n${body}\n\n</details>`;
}
