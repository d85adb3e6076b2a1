import type { Problem } from './report.js';

/**
 * An error that the person who runs the check must fix. It prints no stack. Any other error is a bug of ours
 * and prints its stack.
 */
export class UserError extends Error implements Problem {
  override readonly name = 'UserError';
  readonly found: string;
  readonly expected?: string;
  readonly fix?: string;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(describeProblem(problem), options);
    this.found = problem.found;
    if (problem.expected !== undefined) this.expected = problem.expected;
    if (problem.fix !== undefined) this.fix = problem.fix;
  }
}

/** The three parts as one paragraph. */
export function describeProblem(problem: Problem): string {
  return [
    sentence(problem.found),
    problem.expected === undefined ? '' : `Expected: ${sentence(problem.expected)}`,
    problem.fix === undefined ? '' : `To fix: ${sentence(problem.fix)}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** Any thrown value, in one paragraph. */
export function describeUnknown(error: unknown): string {
  return error instanceof UserError ? describeProblem(error) : String(error);
}

/** The message of any thrown value; of a UserError, its three parts. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The text with a full stop, unless it has an end. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?:]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
