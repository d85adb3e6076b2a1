import { getOctokit } from '@actions/github';
import { UserError } from '../model/user-error.js';
import { readable, truncate } from '../untrusted/readable.js';

/** A pull request as it is now. */
export interface PullRequest {
  readonly title: string;
  readonly headSha: string;
}

const ATTEMPTS = 4;
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * Reads the pull request fresh by the REST API: the event's payload is stale when a job is run again.
 *
 * @throws UserError: a title that cannot be read is never "no claim"
 */
export async function readPullRequest(
  token: string | undefined,
  repository: { readonly owner: string; readonly name: string },
  number: number,
  signal: AbortSignal,
): Promise<PullRequest> {
  if (token === undefined) {
    throw new UserError({
      found: 'No token to read the title of the pull request with',
      expected: 'the input github-token',
      fix: 'leave github-token at its default, ${{ github.token }}, and permit pull-requests: read',
    });
  }
  const octokit = getOctokit(token);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { data } = await octokit.rest.pulls.get({
        owner: repository.owner,
        repo: repository.name,
        pull_number: number,
        request: { signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]) },
      });
      // The types describe GitHub's own API; what answers may be a proxy.
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition
      if (typeof data.title !== 'string' || typeof data.head?.sha !== 'string') {
        throw new UserError({
          found: `GitHub's answer about pull request ${number} has no title or no head`,
          expected: 'a pull request as the REST API describes it',
          fix: 'run the job again; if it stays, check GITHUB_API_URL and what stands between',
        });
      }
      return { title: data.title, headSha: data.head.sha };
    } catch (error) {
      if (error instanceof UserError || signal.aborted) throw error;
      const status = statusOf(error);
      const transient = status === undefined || status >= 500 || status === 429;
      if (!transient || attempt === ATTEMPTS) throw apiProblem(error, status, number);
      await new Promise((resolve) => setTimeout(resolve, 250 * 3 ** (attempt - 1)));
    }
  }
}

function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'status' in error && typeof error.status === 'number'
    ? error.status
    : undefined;
}

function apiProblem(error: unknown, status: number | undefined, number: number): UserError {
  const words = truncate(readable(error instanceof Error ? error.message : String(error)), 200);
  const found = `The title of pull request ${number} cannot be read (${status ?? 'no answer'}: ${words})`;
  const expected = "an answer of GitHub's REST API";
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- any status can come
  switch (status) {
    case 401:
    case 403:
    case 404:
      return new UserError(
        { found, expected, fix: 'give the job "permissions: pull-requests: read"' },
        { cause: error },
      );
    default:
      return new UserError(
        { found, expected, fix: 'run the job again when GitHub answers' },
        { cause: error },
      );
  }
}
