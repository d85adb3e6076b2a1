/** What a pull request's title says about compatibility. */
export type Claim =
  /** The code can take over the executions of `buildId`. */
  | { readonly kind: 'claimed'; readonly buildId: string; readonly from: 'title' }
  /** No claim; `warning` says what looked like one without being one. */
  | { readonly kind: 'not-claimed'; readonly warning?: string }
  /** Somebody meant a claim and wrote something else: red, because a person may rely on it. */
  | { readonly kind: 'malformed'; readonly problem: string };
