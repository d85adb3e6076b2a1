import { getOctokit } from '@actions/github';
import { UserError } from '../model/user-error.js';
import { ask } from './ask.js';
import type { RepositoryName } from './context.js';

/** A repository on GitHub, and how to ask about it. */
export interface GitHubRepository {
  readonly name: RepositoryName;
  readonly token: string;
  /** Aborted when the job is cancelled. */
  readonly signal: AbortSignal;
}

/** A pull request as it is now. */
export interface PullRequest {
  readonly number: number;
  readonly title: string;
  readonly headSha: string;
  readonly isOpen: boolean;
  /** Name of the branch that it wants to change. */
  readonly baseBranch: string;
  /** Of a merged one, the commit that it became. */
  readonly mergeCommit: string | undefined;
}

/**
 * Reads the pull request fresh by the REST API: the event's payload is stale when a job is run again.
 *
 * @throws UserError: a title that cannot be read is never "no claim"
 */
export async function readPullRequest(
  { name, token, signal }: GitHubRepository,
  number: number,
): Promise<PullRequest> {
  const question = {
    what: `The title of pull request ${number}`,
    permission: 'pull-requests: read',
    signal,
  };
  return ask(question, async (requestSignal) => {
    const { data } = await getOctokit(token).rest.pulls.get({
      owner: name.owner,
      repo: name.name,
      pull_number: number,
      request: { signal: requestSignal },
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
    return {
      number,
      title: data.title,
      headSha: data.head.sha,
      isOpen: data.state === 'open',
      baseBranch: data.base.ref,
      mergeCommit: data.merged ? (data.merge_commit_sha ?? undefined) : undefined,
    };
  });
}
