/** A place in the pull request's code, as GitHub can show it. */
export interface SourceLocation {
  /** Relative to the repository's root, with forward slashes. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column?: number;
}
