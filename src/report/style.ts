/** How a text stands out in a terminal. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

const same = (text: string): string => text;

/** For a pipe or a file. */
export const PLAIN: Style = { bold: same, red: same, green: same, yellow: same };

/** The codes that begin and end it, as ECMA-48 has them. */
const between =
  (begin: number, end: number) =>
  (text: string): string =>
    `\u001b[${begin}m${text}\u001b[${end}m`;

/** For a terminal with colours. */
export const COLOURED: Style = {
  bold: between(1, 22),
  red: between(31, 39),
  green: between(32, 39),
  yellow: between(33, 39),
};
