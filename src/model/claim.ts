/** What a pull request's title, or an input in its place, says about compatibility. */
export type Claim =
  | ClaimedBuild
  /** No claim; `warning` says what looked like one without being one. */
  | { readonly kind: 'not-claimed'; readonly warning?: string }
  /** Somebody meant a claim and wrote something else: red, because a person may rely on it. */
  | { readonly kind: 'malformed'; readonly problem: string };

/** The code can take over the executions of `buildId`. */
export interface ClaimedBuild {
  readonly kind: 'claimed';
  readonly buildId: string;
  /** `on-no-claim`: nobody claims it; the setting has every title without a claim checked. */
  readonly from: 'title' | 'build-id' | 'on-no-claim';
  /** What in the title looked like a claim without being one. */
  readonly warning?: string;
}

/** What the input `build-id` says for "whichever build is the current one". */
export const CURRENT = 'current';

/** In a title the word is a build ID like any other: who writes a title names a build. */
export function namesCurrentBuild({ buildId, from }: ClaimedBuild): boolean {
  return from !== 'title' && buildId === CURRENT;
}

/** Whether nobody claims anything, also where a setting has such a title checked. */
export function isUnclaimed(claim: Claim): boolean {
  return claim.kind === 'not-claimed' || (claim.kind === 'claimed' && claim.from === 'on-no-claim');
}

/** Where a claim may stand: at the start of the title, or also right after a `type(scope): `. */
export type ClaimPosition = 'start' | 'after-type';
