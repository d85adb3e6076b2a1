import { CURRENT } from '../model/claim.js';
import { UserError } from '../model/user-error.js';

/** @throws UserError where a build ID is really called "current": then the claim could mean two builds */
export function refuseRealCurrent(
  versions: readonly { readonly buildId: string }[],
  holder: string,
): void {
  if (!versions.some(({ buildId }) => buildId === CURRENT)) return;
  throw new UserError({
    found: `${holder} holds a build ID that is really called "${CURRENT}"`,
    expected: `that "${CURRENT}" means whichever build is the current one, and nothing else`,
    fix: 'name the build ID that is meant, or give that build another ID',
  });
}
