import type { DemoPullRequest } from './pull-requests.js';

/** For executions of a Worker Deployment: b1 has pinned ones, b2 is current, b3 is ramping. */
export const DEPLOYMENT_PULL_REQUESTS: readonly DemoPullRequest[] = [
  {
    name: 'compatible',
    title: '[compatible-b2] Check orders for fraud before charging',
    patch: 'compatible',
    story: 'puts the new activity behind patched(): running orders skip it',
    expected: { verdict: 'compatible', reason: 'all-replayed', passes: true },
  },
  {
    name: 'incompatible',
    title: '[compatible-b2] Check orders for fraud before charging',
    patch: 'incompatible',
    story: 'adds the same activity without a patch: orders that auto-upgrade would diverge at once',
    expected: { verdict: 'incompatible', reason: 'decisive-finding', passes: false },
  },
  {
    name: 'pinned-only',
    title: '[compatible-b1] Give the reminder a better name',
    patch: 'type-renamed',
    story:
      'renames a workflow type whose running executions are all pinned to b1, and claims to take them over',
    expected: { verdict: 'incompatible', reason: 'decisive-finding', passes: false },
  },
  {
    name: 'pinned-stay',
    title: '[compatible-b2] Give the reminder a better name',
    patch: 'type-renamed',
    story:
      'is the same, but claims b2: executions that are pinned to b1 stay with the workers of b1',
    expected: { verdict: 'compatible', reason: 'all-replayed', passes: true },
  },
  {
    name: 'current',
    title: 'Check orders for fraud before charging',
    patch: 'incompatible',
    inputs: { 'build-id': 'current' },
    story: 'claims nothing, and the workflow file checks every change against the current version',
    expected: { verdict: 'incompatible', reason: 'decisive-finding', passes: false },
  },
  {
    name: 'no-claim',
    title: 'Check orders for fraud before charging',
    patch: 'incompatible',
    story: 'claims nothing, because it will be deployed as a version that pins its executions',
    expected: { verdict: 'not-claimed', reason: 'no-claim', passes: true },
  },
  {
    name: 'unknown-build',
    title: '[compatible-b7] Check orders for fraud before charging',
    patch: 'compatible',
    story: 'claims a build that no deployment has',
    expected: { verdict: 'inconclusive', reason: 'unknown-build', passes: false },
  },
];
