import { CURRENT } from '../model/claim.js';
import { UserError } from '../model/user-error.js';

/**
 * The error for a claim of the current build where nothing tells which one that is.
 *
 * @param why for example `histories are files`
 */
export function currentIsNotKnown(why: string): UserError {
  return new UserError({
    found: `The claim is for the build "${CURRENT}", and ${why}`,
    expected: 'a server that can tell which build is current',
    fix: 'name the build ID in the title, or set versioning to auto, worker-deployment or version-set',
  });
}
