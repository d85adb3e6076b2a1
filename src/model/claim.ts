/** What a pull request's title, or an input in its place, says about compatibility. */
export type Claim =
  | ClaimedBuild
  /** No claim. `warning` names what only looked like a claim. */
  | { readonly kind: 'not-claimed'; readonly warning?: string }
  /** Somebody meant a claim and wrote something else. Red, because its author may rely on the check. */
  | { readonly kind: 'malformed'; readonly problem: string };

/** The code can take over the executions of `buildId`. */
export interface ClaimedBuild {
  readonly kind: 'claimed';
  readonly buildId: string;
  /** `on-no-claim`: nobody claims it, but the setting checks every title without a claim. */
  readonly from: 'title' | 'build-id' | 'on-no-claim';
  /** It named no build ID, but the current build. `buildId` is that build's ID once it is known. */
  readonly isCurrent?: true;
  /** What in the title only looked like a claim. */
  readonly warning?: string;
}

/** What a claim names to mean "whichever build is the current one". */
export const CURRENT = 'current';

export function namesCurrentBuild({ buildId }: Pick<ClaimedBuild, 'buildId'>): boolean {
  return buildId === CURRENT;
}

/** Whether nobody claims anything, even where a setting checks such a title. */
export function isUnclaimed(claim: Claim): boolean {
  return claim.kind === 'not-claimed' || (claim.kind === 'claimed' && claim.from === 'on-no-claim');
}

/** Where a claim may stand: at the start of the title, or also right after a `type(scope): `. */
export type ClaimPosition = 'start' | 'after-type';
