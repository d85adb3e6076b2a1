import { messageOf, UserError } from '../model/user-error.js';
import { readable, truncate } from '../untrusted/readable.js';
import { abortedAfter } from '../pipeline/aborted-after.js';

const ATTEMPTS = 4;
const REQUEST_TIMEOUT_MS = 30_000;

export interface Question {
  /** What cannot be read when there is no answer: "The title of pull request 7". */
  readonly what: string;
  /** The permission that the job needs for it: "pull-requests: read". */
  readonly permission: string;
  /** What is done with it; "read" by default. */
  readonly does?: 'read' | 'written';
  /** Aborted when the job is cancelled. */
  readonly signal: AbortSignal;
}

/**
 * Asks GitHub's REST API, and asks again when the trouble may pass.
 *
 * @throws UserError where GitHub gives no answer: that never counts as an empty answer
 */
export async function ask<Answer>(
  question: Question,
  request: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const { signal } = question;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await request(abortedAfter(REQUEST_TIMEOUT_MS, signal));
    } catch (error) {
      if (error instanceof UserError || signal.aborted) throw error;
      const status = statusOf(error);
      const transient = status === undefined || status >= 500 || status === 429;
      if (!transient || attempt === ATTEMPTS) throw noAnswer(question, error);
      await new Promise((resolve) => setTimeout(resolve, 250 * 3 ** (attempt - 1)));
    }
  }
}

/** The HTTP status of a refused request, or undefined where there was no answer at all. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'status' in error && typeof error.status === 'number'
    ? error.status
    : undefined;
}

/** Whether GitHub refuses the token. It says "not found" for that too. */
export function isRefusal(error: unknown): boolean {
  return [401, 403, 404].includes(statusOf(error) ?? 0);
}

/** The error in GitHub's words, short enough for a message. */
export function answerWords(error: unknown): string {
  const words = truncate(readable(messageOf(error)), 200);
  return `${statusOf(error) ?? 'no answer'}: ${words}`;
}

function noAnswer({ what, permission, does = 'read' }: Question, error: unknown): UserError {
  return new UserError(
    {
      found: `${what} cannot be ${does} (${answerWords(error)})`,
      expected: "an answer from GitHub's REST API",
      fix: isRefusal(error)
        ? `give the job "permissions: ${permission}"`
        : 'run the job again when GitHub answers',
    },
    { cause: error },
  );
}
