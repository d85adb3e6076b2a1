import type { GitHubContext } from '../../src/github/context.js';

/** A pull request of a branch of the same, private repository. */
export function aGitHubContext(changes: Partial<GitHubContext> = {}): GitHubContext {
  return {
    eventName: 'pull_request',
    repository: { owner: 'acme', name: 'orders' },
    isPublic: false,
    sha: 'c'.repeat(40),
    serverUrl: 'https://github.com',
    pullRequest: { number: 12, headSha: 'a'.repeat(40), fromFork: false },
    ...changes,
  };
}
