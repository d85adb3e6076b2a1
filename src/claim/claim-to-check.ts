import { CURRENT, type Claim, type ClaimPosition } from '../model/claim.js';
import { parseClaim } from './parse-claim.js';

export interface ClaimSettings {
  readonly claimPosition: ClaimPosition;
  /** Takes the place of the title's claim. */
  readonly buildId?: string | undefined;
  readonly policy: { readonly onNoClaim: 'pass' | 'fail' | 'check' | 'advise' };
}

/** The claim to check: the title's, or an input's in its place. */
export function claimToCheck(title: string, settings: ClaimSettings): Claim {
  const { buildId, claimPosition, policy } = settings;
  if (buildId !== undefined) return { kind: 'claimed', buildId, from: 'build-id' };
  const claim = parseClaim(title, claimPosition);
  const asIfClaimed = policy.onNoClaim === 'check' || policy.onNoClaim === 'advise';
  return claim.kind === 'not-claimed' && asIfClaimed
    ? {
        kind: 'claimed',
        buildId: CURRENT,
        from: 'on-no-claim',
        ...(claim.warning === undefined ? {} : { warning: claim.warning }),
      }
    : claim;
}
