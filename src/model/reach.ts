/** Lines next to each other, from 1, both ends included. */
export interface LineRange {
  /** Relative to the repository's root, with forward slashes. */
  readonly file: string;
  readonly startLine: number;
  readonly endLine: number;
}

/** A changed line of a file that the workflow bundle holds. */
export interface ChangedLine {
  /** Relative to the repository's root, with forward slashes. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** `no-code`: a type, a comment, a bracket, or moved elsewhere on a merge commit. */
  readonly status: 'run' | 'not-run' | 'no-code';
}

/** Which of the workflow lines that a change touches any replayed history has run. */
export interface Reach {
  /** Changed lines that hold code of the workflow bundle. */
  readonly changedLines: number;
  readonly reachedLines: number;
  /** The others: of these, replay says nothing. */
  readonly unreached: readonly LineRange[];
}
