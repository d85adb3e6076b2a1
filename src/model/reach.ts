/** Consecutive lines, from 1, both ends included. */
export interface LineRange {
  /** Relative to the repository's root, with forward slashes. */
  readonly file: string;
  readonly startLine: number;
  readonly endLine: number;
}

/** A changed line in a file of the workflow bundle. */
export interface ChangedLine {
  /** Relative to the repository's root, with forward slashes. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** `no-code`: a type, a comment, a bracket, or moved elsewhere on a merge commit. */
  readonly status: 'run' | 'not-run' | 'no-code';
}

/** Which of the changed workflow lines replayed histories have run. */
export interface Reach {
  /** Changed lines that hold code of the workflow bundle. */
  readonly changedLines: number;
  readonly reachedLines: number;
  /** The other changed lines: replay says nothing about them. */
  readonly unreached: readonly LineRange[];
}
