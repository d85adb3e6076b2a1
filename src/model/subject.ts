import type { ChangedLines } from './changed-lines.js';

/** What is checked: a title, and the commits at which the checkout may be. */
export interface Subject {
  readonly title: string;
  /** HEAD of the checkout; undefined outside a repository. */
  readonly commit: string | undefined;
  /** Commits that count as the code under test. */
  readonly acceptedCommits: readonly string[] | 'any';
  /** The head is in another repository, so the run gets no secrets. */
  readonly isFromFork?: true;
  /** The pull requests of a merge group that make this claim. */
  readonly pullRequests?: readonly number[];
  /** Asks for the pull request's earlier titles; absent where GitHub cannot be asked. Never rejects. */
  readonly readEarlierTitles?: () => Promise<EarlierTitles>;
  /** Asks for the changed lines; absent where GitHub cannot be asked. Never rejects. */
  readonly readChangedLines?: () => Promise<ReadChangedLines>;
}

/** The changed lines, as far as GitHub tells. */
export type ReadChangedLines =
  | {
      readonly lines: ChangedLines;
      /** Changed files whose lines GitHub does not tell. */
      readonly untold: readonly string[];
    }
  | { readonly problem: string };

/** Earlier titles, the newest first. `problem` says why some may be missing. */
export interface EarlierTitles {
  readonly titles: readonly string[];
  readonly problem?: string;
}
