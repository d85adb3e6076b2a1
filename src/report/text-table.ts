import { readable, truncate } from '../untrusted/readable.js';

/** A cell with more characters is cut. */
const MAX_CELL = 60;

/** A table in plain text: its lines, the head first. Untrusted cells are made safe to show. */
export function textTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  const cells = [heads, ...rows].map((row) =>
    row.map((cell) => truncate(readable(cell), MAX_CELL)),
  );
  const widths = heads.map((_, column) =>
    Math.max(...cells.map((row) => (row[column] ?? '').length)),
  );
  return cells.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - cell.length))
      .join('  ')
      .trimEnd(),
  );
}
