/** A part of a text, and what stands for it where there is no room. */
export interface Part {
  readonly whole: string;
  readonly short?: string;
}

const BETWEEN = '\n\n';

/** As long as the last line can get, which says how many parts are left out. */
const LAST_LINE = 200;

/**
 * As many parts as fit, from the first on, and how many do not. No part is cut: all of them are short before one is left
 * out, and the first ones are whole as long as there is room.
 */
export function fit(head: string, parts: readonly Part[], maxBytes: number): string {
  const bytes = (text: string): number => Buffer.byteLength(BETWEEN + text);
  let room = maxBytes - LAST_LINE - Buffer.byteLength(head);
  const shown: string[] = [];
  for (const { whole, short = whole } of parts) {
    const left = room - bytes(short);
    if (left < 0) break;
    room = left;
    shown.push(short);
  }
  for (const [index, { whole, short = whole }] of parts.slice(0, shown.length).entries()) {
    const left = room + bytes(short) - bytes(whole);
    if (left < 0) break;
    room = left;
    shown[index] = whole;
  }
  const missing = parts.length - shown.length;
  const last =
    missing === 0
      ? []
      : [
          `… ${missing} more sections did not fit into the summary; the JSON report holds everything.`,
        ];
  return `${[head, ...shown, ...last].join(BETWEEN)}\n`;
}
