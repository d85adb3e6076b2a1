import type { ChangedLines } from '../model/changed-lines.js';
import type { LineRange, Reach } from '../model/reach.js';

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
 * Which changed workflow lines no replay has run. A line counts as changed only where the checkout holds
 * the text that the change put there: on a merge commit, lines may have moved.
 */
export function reachOf(changed: ChangedLines, { reached, unreached, linesOf }: ReachScope): Reach {
  let reachedLines = 0;
  let missedLines = 0;
  const missed: LineRange[] = [];
  for (const [file, texts] of changed) {
    if (!reached.has(file) && !unreached.has(file)) continue;
    const held = linesOf(file);
    // Changed lines without code between two that were missed belong to the same range.
    let open: { startLine: number; endLine: number; until: number } | undefined;
    const close = (): void => {
      if (open !== undefined)
        missed.push({ file, startLine: open.startLine, endLine: open.endLine });
      open = undefined;
    };
    for (const [line, text] of [...texts].sort(([a], [b]) => a - b)) {
      if (open !== undefined && line > open.until + 1) close();
      const isThere = held[line - 1] === text && !WITHOUT_CODE.test(text);
      if (isThere && reached.get(file)?.has(line) === true) {
        reachedLines += 1;
        close();
      } else if (isThere && unreached.get(file)?.has(line) === true) {
        missedLines += 1;
        open = { startLine: open?.startLine ?? line, endLine: line, until: line };
      } else if (open !== undefined) {
        open.until = line;
      }
    }
    close();
  }
  return { changedLines: reachedLines + missedLines, reachedLines, unreached: missed };
}
