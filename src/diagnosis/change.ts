import { join } from 'node:path';
import type { Checkouts } from './failure.js';
import { diffLines, type Hunk } from './line-diff.js';
import { namesCommand, type Named } from './named-in-source.js';
import { framesOf, sourceLocation, sourceText, type Frame } from './source-location.js';

/** What became of the line that left a command of history. */
export type Fate =
  /** It stands where it stood. */
  | 'there'
  /** It is gone, and another new line of the file names the same command. */
  | 'moved'
  | 'gone';

/** Two checkouts, with what differs between them: it is worked out once, however many failures ask. */
export interface ComparedCheckouts extends Checkouts {
  /** Undefined without a baseline. */
  readonly change: Change | undefined;
}

export function compared(checkouts: Checkouts): ComparedCheckouts {
  const { baseline } = checkouts;
  return {
    ...checkouts,
    change: baseline === undefined ? undefined : new Change({ ...checkouts, baseline }),
  };
}

/** Which lines this change wrote and which it took away: the files of the baseline beside those under test. */
export class Change {
  private readonly workspace: string;
  private readonly baseline: string;
  private readonly files = new Map<string, ChangedFile | undefined>();

  constructor({ workspace, baseline }: Checkouts & { readonly baseline: string }) {
    this.workspace = workspace;
    this.baseline = baseline;
  }

  /**
   * The innermost line of a command that this change wrote: its own, or that of a call that leads to it. Undefined where
   * there is none.
   */
  newLine(command: Frame & Partial<Named>): Frame | undefined {
    return framesOf(command).find((frame) => this.isNewIn(frame, named(command)));
  }

  /** Whether this change added the command. Undefined where no line of the command is known. */
  isNew(command: Frame & Named): boolean | undefined {
    const known = framesOf(command).filter(
      (frame) => this.fileOf(frame, this.workspace) !== undefined,
    );
    return known.length === 0 ? undefined : this.newLine(command) !== undefined;
  }

  /** What became of the line from which the baseline issues a command. Undefined where no such line is known. */
  fateOf(command: Frame & Named): Fate | undefined {
    const gone = this.goneAt(command);
    if (gone === undefined) return undefined;
    if (gone === 'there') return 'there';
    const { file } = gone;
    const isNamed = file.hunks.some(({ after }) =>
      file.after.slice(...after).some((line) => namesCommand(line, command)),
    );
    return isNamed ? 'moved' : 'gone';
  }

  /** The frame, of those of one command, that is nearest to where the line of another one is gone. */
  nearestToGap(frames: readonly Frame[], held: Frame & Named): Frame | undefined {
    const gone = this.goneAt(held);
    if (gone === undefined || gone === 'there') return undefined;
    const gap = gone.hunk.after[0];
    return frames
      .filter((frame) => this.fileOf(frame, this.workspace) === gone.file)
      .sort((a, b) => Math.abs((a.line ?? 0) - gap) - Math.abs((b.line ?? 0) - gap))[0];
  }

  /** How many lines lie between a change that took a line of the baseline away, and a line under test. */
  linesFromGap(gone: Frame, here: Frame): number | undefined {
    const file = this.fileOf(gone, this.baseline);
    const hunk = hunkAt(file?.hunks ?? [], 'before', gone.line);
    if (file === undefined || hunk === undefined) return undefined;
    const distances = framesOf(here)
      .filter((frame) => this.fileOf(frame, this.workspace) === file)
      .map(({ line = 0 }) => Math.max(hunk.after[0] - line, line - 1 - hunk.after[1], 0));
    return distances.length === 0 ? undefined : Math.min(...distances);
  }

  private isNewIn(frame: Frame, command: Named | undefined): boolean {
    const file = this.fileOf(frame, this.workspace);
    if (file === undefined) return false;
    const hunk = hunkAt(file.hunks, 'after', frame.line);
    if (hunk === undefined) return false;
    return !isKept(
      file.after[(frame.line ?? 1) - 1] ?? '',
      file.before.slice(...hunk.before),
      command,
    );
  }

  private goneAt(
    command: Frame & Named,
  ): { readonly file: ChangedFile; readonly hunk: Hunk } | 'there' | undefined {
    let isKnown = false;
    for (const frame of framesOf(command)) {
      const file = this.fileOf(frame, this.baseline);
      if (file === undefined) continue;
      isKnown = true;
      const hunk = hunkAt(file.hunks, 'before', frame.line);
      if (hunk === undefined) continue;
      const line = file.before[(frame.line ?? 1) - 1] ?? '';
      if (!isKept(line, file.after.slice(...hunk.after), command)) return { file, hunk };
    }
    return isKnown ? 'there' : undefined;
  }

  /** Both texts of the file of a place, and where they differ. Undefined for what is no file of the repository. */
  private fileOf(frame: Frame, root: string): ChangedFile | undefined {
    const path = sourceLocation(frame, root)?.file;
    if (path === undefined) return undefined;
    if (!this.files.has(path)) {
      const [before, after] = [this.baseline, this.workspace].map((checkout) =>
        (sourceText({ file: join(checkout, path) }, checkout) ?? '').split(/\r?\n/u),
      );
      if (before !== undefined && after !== undefined) {
        this.files.set(path, { before, after, hunks: diffLines(before, after) });
      }
    }
    return this.files.get(path);
  }
}

interface ChangedFile {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly hunks: readonly Hunk[];
}

function hunkAt(
  hunks: readonly Hunk[],
  side: keyof Hunk,
  line: number | undefined,
): Hunk | undefined {
  const index = (line ?? 0) - 1;
  return hunks.find(({ [side]: [from, to] }) => index >= from && index < to);
}

/**
 * Whether what a line does is also on the other side of its hunk: then the line is only written in another way. A line
 * that names the command is compared by that name, another one by what it calls.
 */
function isKept(line: string, other: readonly string[], command: Named | undefined): boolean {
  if (command !== undefined && namesCommand(line, command)) {
    return other.some((text) => namesCommand(text, command));
  }
  const calls = callsIn(line);
  const otherCalls = new Set(other.flatMap(callsIn));
  return calls.length > 0 && calls.every((name) => otherCalls.has(name));
}

function callsIn(line: string): string[] {
  return [...line.matchAll(/([\p{L}_$][\p{L}\p{N}_$]*)\s*\(/gu)].map(([, name = '']) => name);
}

function named({ command, name }: Partial<Named>): Named | undefined {
  return command === undefined || name === undefined ? undefined : { command, name };
}
