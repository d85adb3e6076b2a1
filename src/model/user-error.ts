import type { Problem } from './report.js';

/**
 * Something that the person who runs the check must fix. It prints no stack; anything that is not a
 * `UserError` is a bug of ours and prints one.
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

/** Whatever was thrown, in one paragraph. */
export function describeUnknown(error: unknown): string {
  return error instanceof UserError ? describeProblem(error) : String(error);
}

/** The text with an end, where it has none. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?:]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
