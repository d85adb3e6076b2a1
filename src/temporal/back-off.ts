import { isRetryableError } from '@temporalio/client';
import { GRPC, grpcCode } from './server-problem.js';

type StatusObject = Parameters<typeof isRetryableError>[0];

/** How often one request is tried in all. */
const MAX_ATTEMPTS = 8;

/** Milliseconds before the second try. The wait doubles before each further try, up to the longest wait. */
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 10_000;

/** The first wait is longer when the server is over its rate limit: then production waits too. */
const FIRST_WAIT_WHEN_THROTTLED_MS = 1_000;

/** Whether the server says that it gets too many requests. */
export function isThrottled(error: unknown): boolean {
  return grpcCode(error) === GRPC.RESOURCE_EXHAUSTED;
}

/**
 * Milliseconds to wait before a request is tried again. The wait is a random share, at least half, of the wait for
 * this attempt. So requests that failed together do not come back together.
 *
 * @param attempt how often the request was tried, from 1
 * @param random a number from 0 up to 1
 * @returns undefined where the request must not be tried again
 */
export function backOffMs(error: unknown, attempt: number, random: number): number | undefined {
  if (attempt >= MAX_ATTEMPTS || !isPassing(error)) return undefined;
  const first = isThrottled(error) ? FIRST_WAIT_WHEN_THROTTLED_MS : FIRST_WAIT_MS;
  const longest = Math.min(LONGEST_WAIT_MS, first * 2 ** (attempt - 1));
  return longest * (0.5 + random / 2);
}

/** Whether the failure may pass. A request that is wrong in itself stays wrong. */
function isPassing(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'number') {
      const details = 'details' in current ? String(current.details) : current.message;
      const status: unknown = { code: current.code, details };
      return isRetryableError(status as StatusObject);
    }
  }
  return false;
}
