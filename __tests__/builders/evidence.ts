import type { Claim } from '../../src/model/claim.js';
import type { Evidence } from '../../src/verdict/evidence.js';

export const CLAIMED: Claim = { kind: 'claimed', buildId: 'v2.0', from: 'title' };

/** A claim of v2.0 that was looked into without trouble, and for which nothing was found. */
export function evidence(changes: Partial<Evidence> = {}): Evidence {
  return {
    claim: CLAIMED,
    cancelled: false,
    listed: [],
    listingTruncated: false,
    outcomes: [],
    findings: [],
    registeredTypes: new Set(['orderWorkflow']),
    policy: { onNoClaim: 'pass', onUnknownBuild: 'fail', onNoHistories: undefined },
    ...changes,
  };
}
