/** What an application's build says. */
export interface ClassPath {
  /** Absolute paths of folders and archives, the application's own classes first. */
  readonly entries: readonly string[];
  /** What compiles the application, as a user would type it. */
  readonly compile: string;
}
