import type { OrdersPatch } from '../testing/orders-application.js';

/** A pull request of the demo, and the verdict that it must get. */
export interface DemoPullRequest {
  readonly name: string;
  readonly title: string;
  readonly patch?: OrdersPatch;
  /** The code that it changes, checked out beside it as its baseline. */
  readonly base?: OrdersPatch;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly story: string;
  readonly expected: {
    readonly verdict: string;
    readonly reason: string;
    readonly passes: boolean;
  };
}

/** For executions of a version set. */
export const PULL_REQUESTS: readonly DemoPullRequest[] = [
  {
    name: 'compatible',
    title: '[compatible-v1.0] Check orders for fraud before charging',
    patch: 'compatible',
    story: 'puts the new activity behind patched(): running orders skip it',
    expected: { verdict: 'compatible', reason: 'all-replayed', passes: true },
  },
  {
    name: 'incompatible',
    title: '[compatible-v1.0] Check orders for fraud before charging',
    patch: 'incompatible',
    story:
      'adds the same activity without a patch: running orders of v1.0 and of v2.1 would diverge',
    expected: { verdict: 'incompatible', reason: 'decisive-finding', passes: false },
  },
  {
    name: 'patch-removed',
    title: '[compatible-v1.0] Check every order for fraud',
    patch: 'incompatible',
    base: 'compatible',
    story: 'removes the patch of v2.1 too early; its baseline is checked out beside it',
    expected: { verdict: 'incompatible', reason: 'decisive-finding', passes: false },
  },
  {
    name: 'throws',
    title: '[compatible-v1.0] Charge in the smallest unit of the currency',
    patch: 'throws',
    story: 'throws for orders of the old form: running orders would be stuck',
    expected: { verdict: 'incompatible', reason: 'decisive-finding', passes: false },
  },
  {
    name: 'type-renamed',
    title: '[compatible-v1.0] Give the reminder a better name',
    patch: 'type-renamed',
    story:
      'renames a workflow type that has running executions; it is made to v1.0 and lacks the patch of v2.1, too',
    expected: { verdict: 'incompatible', reason: 'decisive-finding', passes: false },
  },
  {
    name: 'no-claim',
    title: 'Check orders for fraud before charging',
    patch: 'incompatible',
    story: 'claims nothing, because it will be deployed as a new default',
    expected: { verdict: 'not-claimed', reason: 'no-claim', passes: true },
  },
  {
    name: 'near-miss',
    title: '[Compatible v1.0] Check orders for fraud before charging',
    patch: 'compatible',
    story: 'intends a claim, but misspells it',
    expected: { verdict: 'inconclusive', reason: 'malformed-claim', passes: false },
  },
  {
    name: 'unknown-build',
    title: '[compatible-v7.3] Check orders for fraud before charging',
    patch: 'compatible',
    story: 'claims a build that the server does not know',
    expected: { verdict: 'inconclusive', reason: 'unknown-build', passes: false },
  },
];
