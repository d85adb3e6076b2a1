import type { ChangedLines } from './changed-lines.js';

/** What is checked: a title, and the commits that the checkout may be at. */
export interface Subject {
  readonly title: string;
  /** HEAD of the checkout; undefined outside a repository. */
  readonly commit: string | undefined;
  /** Commits that count as the code under test. */
  readonly acceptedCommits: readonly string[] | 'any';
  /** The pull requests of a merge group that make this claim. */
  readonly pullRequests?: readonly number[];
  /** Asks for the titles that the pull request had before, where it can be asked. Never rejects. */
  readonly readEarlierTitles?: () => Promise<EarlierTitles>;
  /** Asks which lines are changed, where it can be asked. Never rejects. */
  readonly readChangedLines?: () => Promise<ReadChangedLines>;
}

/** What a change touches, as far as GitHub tells. */
export type ReadChangedLines =
  | {
      readonly lines: ChangedLines;
      /** Changed files whose lines GitHub does not tell. */
      readonly untold: readonly string[];
    }
  | { readonly problem: string };

/** Titles of before, the newest first; `problem` says why some may be missing. */
export interface EarlierTitles {
  readonly titles: readonly string[];
  readonly problem?: string;
}
