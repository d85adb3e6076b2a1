import type { ChangedLines } from '../model/changed-lines.js';
import type { ChangedLine, LineRange, Reach } from '../model/reach.js';

/** Brackets, and words that only hold them together: nothing that could run. */
const WITHOUT_CODE = /^(?:[\s{}()[\];,]|else|try|finally|do)*$/u;

/** Lines of the code under test by path in the repository; undefined for what is no file of it. */
export interface ReachScope {
  readonly reached: ReadonlyMap<string, ReadonlySet<number>>;
  readonly unreached: ReadonlyMap<string, ReadonlySet<number>>;
  /** The lines of a file of the checkout, the first one at index 0. */
  readonly linesOf: (file: string) => readonly string[];
}

/**
 * What the replays say of each changed line. A line counts only where the checkout holds the text that
 * the change put there: on a merge commit, lines may have moved.
 */
export function changedLinesOf(
  changed: ChangedLines,
  { reached, unreached, linesOf }: ReachScope,
): ChangedLine[] {
  const lines: ChangedLine[] = [];
  for (const [file, texts] of changed) {
    if (!reached.has(file) && !unreached.has(file)) continue;
    const held = linesOf(file);
    for (const [line, text] of texts) {
      const isThere = held[line - 1] === text && !WITHOUT_CODE.test(text);
      const hasRun = isThere && reached.get(file)?.has(line) === true;
      const hasNot = isThere && unreached.get(file)?.has(line) === true;
      lines.push({ file, line, status: hasRun ? 'run' : hasNot ? 'not-run' : 'no-code' });
    }
  }
  return lines;
}

/** The lines as counts and ranges. A line counts as run if at least one replay ran it. */
export function summarizeReach(told: readonly ChangedLine[]): Reach {
  const byPlace = new Map<string, ChangedLine>();
  for (const line of told) {
    const place = `${line.file}:${line.line}`;
    if (byPlace.get(place)?.status !== 'run') byPlace.set(place, line);
  }
  const lines = [...byPlace.values()].sort(
    (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line,
  );
  const withCode = lines.filter(({ status }) => status !== 'no-code');
  return {
    changedLines: withCode.length,
    reachedLines: withCode.filter(({ status }) => status === 'run').length,
    unreached: rangesOf(lines),
  };
}

/** Changed lines without code, between two that were not run, belong to the same range. */
function rangesOf(lines: readonly ChangedLine[]): LineRange[] {
  const ranges: LineRange[] = [];
  let open: { range: LineRange; until: number } | undefined;
  for (const { file, line, status } of lines) {
    const follows = open?.range.file === file && open.until + 1 === line;
    if (!follows || status === 'run') open = undefined;
    if (status === 'not-run') {
      const range = { file, startLine: open?.range.startLine ?? line, endLine: line };
      if (open !== undefined) ranges.pop();
      ranges.push(range);
      open = { range, until: line };
    } else if (open !== undefined) {
      open.until = line;
    }
  }
  return ranges;
}
