/** The lines that a change adds or rewrites, with their text, by path in the repository. */
export type ChangedLines = ReadonlyMap<string, ReadonlyMap<number, string>>;
