import type { GitHubContext, PullRequestTrigger } from '../../src/github/context.js';

/** A pull request of a branch of the same, private repository. */
export function aGitHubContext(changes: Partial<GitHubContext> = {}): GitHubContext {
  return {
    eventName: 'pull_request',
    repository: { owner: 'acme', name: 'orders' },
    isPublic: false,
    serverUrl: 'https://github.com',
    trigger: aPullRequestTrigger(),
    ...changes,
  };
}

export function aPullRequestTrigger(changes: Partial<PullRequestTrigger> = {}): PullRequestTrigger {
  return {
    kind: 'pull-request',
    number: 12,
    headSha: 'a'.repeat(40),
    mergeSha: 'c'.repeat(40),
    previousTitle: undefined,
    fromFork: false,
    ...changes,
  };
}

/** An event that is about a commit and no pull request. */
export function aCommitContext(
  eventName: string,
  commits: readonly string[] | 'any' = ['c'.repeat(40)],
): GitHubContext {
  return aGitHubContext({ eventName, trigger: { kind: 'commit', commits, fromFork: false } });
}
