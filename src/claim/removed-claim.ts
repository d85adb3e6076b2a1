import { parseClaim } from './parse-claim.js';
import { type ClaimPosition } from '../model/claim.js';

/** The build ID that the newest of these earlier titles claimed. The newest title comes first. */
export function removedClaim(
  earlierTitles: readonly string[],
  position: ClaimPosition,
): string | undefined {
  for (const title of earlierTitles) {
    const claim = parseClaim(title, position);
    if (claim.kind === 'claimed') return claim.buildId;
  }
  return undefined;
}
