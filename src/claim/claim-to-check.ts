import { CURRENT, type Claim, type ClaimPosition } from '../model/claim.js';
import type { Subject } from '../model/subject.js';
import { parseClaim } from './parse-claim.js';

export interface ClaimSettings {
  readonly claimPosition: ClaimPosition;
  /** Takes the place of the title's claim. */
  readonly buildId?: string | undefined;
  /** Whether a pull request from a fork that claims nothing is not checked, for want of a credential. */
  readonly passesUnclaimedForks: boolean;
  readonly policy: { readonly onNoClaim: 'pass' | 'fail' | 'check' | 'advise' };
}

const NOT_CHECKED =
  'Nothing was replayed: this pull request comes from a fork, where secrets are absent. Executions of the Worker ' +
  'Deployment that are not pinned move to this code when it is deployed. Check it before that, for example in the ' +
  'merge queue.';

/** The claim to check: the title's, or an input's in its place. */
export function claimToCheck(
  { title, isFromFork }: Pick<Subject, 'title' | 'isFromFork'>,
  settings: ClaimSettings,
): Claim {
  const { buildId, claimPosition, policy } = settings;
  if (buildId !== undefined) return { kind: 'claimed', buildId, from: 'build-id' };
  const claim = parseClaim(title, claimPosition);
  const asIfClaimed = policy.onNoClaim === 'check' || policy.onNoClaim === 'advise';
  if (claim.kind === 'not-claimed' && asIfClaimed && isFromFork && settings.passesUnclaimedForks) {
    return { ...claim, warning: [claim.warning, NOT_CHECKED].filter(Boolean).join(' ') };
  }
  return claim.kind === 'not-claimed' && asIfClaimed
    ? {
        kind: 'claimed',
        buildId: CURRENT,
        from: 'on-no-claim',
        ...(claim.warning === undefined ? {} : { warning: claim.warning }),
      }
    : claim;
}
