import { sourceText, filesBeside, type Frame } from './source-location.js';
import { withoutComment } from './named-in-source.js';

/** A longer file is not searched: it is a bundle that no person wrote. */
const MAX_LENGTH = 1_000_000;

/** More files are not searched. */
const MAX_FILES = 100;

/** The source files of one checkout, read once. */
export class SourceFiles {
  private readonly workspace: string;
  private readonly seen: readonly string[];
  private readonly read = new Map<string, readonly string[] | undefined>();

  /** @param seen files in which code ran */
  constructor(workspace: string, seen: Iterable<string>) {
    this.workspace = workspace;
    this.seen = [...new Set(seen)];
  }

  /** The lines of the file of a place, without comments. Undefined for what is no file of the repository. */
  lines({ file }: Frame): readonly string[] | undefined {
    if (file === undefined) return undefined;
    if (!this.read.has(file)) {
      const text = sourceText({ file }, this.workspace);
      const isSource = text !== undefined && text.length <= MAX_LENGTH;
      this.read.set(file, isSource ? text.split(/\r?\n/u).map(withoutComment) : undefined);
    }
    return this.read.get(file);
  }

  /** Files in which a function may be defined that a file calls: those in which code ran, and those beside it. */
  near(file: string): string[] {
    const others = new Set([...this.seen, ...filesBeside(file, this.workspace)]);
    others.delete(file);
    return [...others].slice(0, MAX_FILES);
  }
}
