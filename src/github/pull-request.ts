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
  /** Name of the branch that it is to be merged into. */
  readonly baseBranch: string;
  /** For a merged pull request, the commit that it became. */
  readonly mergeCommit: string | undefined;
}

/**
 * Reads the pull request fresh by the REST API: the event's payload is stale when a job runs again.
 *
 * @throws UserError where the title cannot be read: that never counts as "no claim"
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
    // The types describe GitHub's own API, but a proxy may answer.
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition
    if (typeof data.title !== 'string' || typeof data.head?.sha !== 'string') {
      throw new UserError({
        found: `GitHub's answer about pull request ${number} has no title or no head`,
        expected: 'a pull request as the REST API describes it',
        fix: 'run the job again; if that does not help, check GITHUB_API_URL and the proxies on the way',
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
