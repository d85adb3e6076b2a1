import type { Problem } from '../model/report.js';
import { describeProblem, messageOf, UserError } from '../model/user-error.js';
import type { Evidence } from '../verdict/evidence.js';

export type WrongSubject = NonNullable<Evidence['wrongSubject']>;

/** How a stage ended, beside what it found. */
export interface Ending {
  /** Notes that a reader should know and that decide nothing. */
  readonly notes: readonly string[];
  /** What ended the stage early. */
  readonly problem?: Problem;
  /** The error behind the problem, where it is a bug of ours. */
  readonly bug?: unknown;
  /** Set where the code is not the code that the title is about. */
  readonly wrongSubject?: WrongSubject;
  readonly cancelled: boolean;
}

/** Notes what a reader should know and what decides nothing. */
export type Warn = (note: string) => void;

/** Ends a stage, because the workspace does not hold the code to check. */
export class WrongCheckout extends Error {
  readonly wrongSubject: WrongSubject;

  constructor(wrongSubject: WrongSubject) {
    super(wrongSubject.summary);
    this.wrongSubject = wrongSubject;
  }
}

/** Does the work of a stage. Never rejects: an error becomes the stage's ending. */
export async function attempt(
  cancelled: AbortSignal,
  work: (warn: Warn) => Promise<void>,
): Promise<Ending> {
  const notes: string[] = [];
  try {
    await work((note) => notes.push(note));
    // Not every part notices that the job was cancelled: half a check is none.
    cancelled.throwIfAborted();
    return { notes, cancelled: false };
  } catch (error) {
    if (cancelled.aborted) return { notes, cancelled: true };
    return { notes, cancelled: false, ...reasonOf(error) };
  }
}

function reasonOf(error: unknown): Pick<Ending, 'problem' | 'bug' | 'wrongSubject'> {
  if (error instanceof WrongCheckout) return { wrongSubject: error.wrongSubject };
  if (error instanceof UserError) return { problem: problemOf(error) };
  return {
    bug: error,
    problem: {
      found: `The action itself failed: ${messageOf(error)}`,
      fix: 'report this with the stack that the log shows',
    },
  };
}

/** Without the stack and whatever caused it. */
function problemOf({ found, expected, fix }: UserError): Problem {
  return {
    found,
    ...(expected === undefined ? {} : { expected }),
    ...(fix === undefined ? {} : { fix }),
  };
}

/** Several endings as one. It tells the first problem: jobs that do the same work meet the same problems. */
export function endingOf(endings: readonly Ending[]): Ending {
  const notes = new Set<string>();
  const problem = endings.find((ending) => ending.problem !== undefined)?.problem;
  for (const ending of endings) {
    for (const note of ending.notes) notes.add(note);
    const words = ending.problem === undefined ? undefined : describeProblem(ending.problem);
    if (words !== undefined && problem !== undefined && words !== describeProblem(problem)) {
      notes.add(words);
    }
  }
  const bug = endings.find((ending) => ending.bug !== undefined)?.bug;
  const wrongSubject = endings.find((ending) => ending.wrongSubject !== undefined)?.wrongSubject;
  return {
    notes: [...notes],
    ...(problem === undefined ? {} : { problem }),
    ...(bug === undefined ? {} : { bug }),
    ...(wrongSubject === undefined ? {} : { wrongSubject }),
    cancelled: endings.some(({ cancelled }) => cancelled),
  };
}

/** Whether nothing ended it early. */
export function isWhole({ problem, wrongSubject, cancelled }: Ending): boolean {
  return problem === undefined && wrongSubject === undefined && !cancelled;
}

/** Cleans up. Never rejects: a failure becomes a note, and changes no verdict. */
export async function closing(parts: { close(): Promise<void> }): Promise<Ending> {
  try {
    await parts.close();
    return { notes: [], cancelled: false };
  } catch (error) {
    return { notes: [`Cleaning up failed: ${messageOf(error)}`], cancelled: false };
  }
}
