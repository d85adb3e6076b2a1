import { UserError } from '../model/user-error.js';
import type { GitHubContext } from './context.js';

/**
 * Refuses to fetch production data where the run is not safe. Called only when there is a claim to check, and
 * before the server is asked: a title without a claim passes everywhere.
 *
 * @throws UserError
 */
export function refuseUnsafeFetch(
  { trigger, isPublic }: Pick<GitHubContext, 'trigger' | 'isPublic'>,
  options: { readonly allowForks: boolean; readonly isEncrypted: boolean },
): void {
  if (trigger.kind !== 'merge-group' && trigger.fromFork && !options.allowForks) {
    throw new UserError({
      found: "The pull request's head is in a fork, and its code would get production histories",
      expected: 'a branch of this repository',
      fix:
        'push the branch into this repository, or set allow-forks if everybody may see the histories that ' +
        'are replayed',
    });
  }
  if (isPublic && !options.isEncrypted) {
    throw new UserError({
      found: 'The repository is public, and the container is not encrypted',
      expected: 'a passphrase: everybody can download the artifacts of a public repository',
      fix: 'set container-passphrase in all three jobs, from a repository secret',
    });
  }
}
