import type { Drift, DriftReview } from '../../src/model/drift.js';

/** A longer time-out of an activity, which several running executions show. */
export function aDrift(
  changes: { readonly [Name in keyof Drift]?: Drift[Name] | undefined } = {},
): Drift {
  const drift = {
    kind: 'field',
    workflowTypes: ['orderWorkflow'],
    command: 'activity chargeCard',
    field: 'startToCloseTimeout',
    history: '10 s',
    code: '1 m',
    held: 'by-both',
    location: { file: 'src/workflows/order.ts', line: 17, column: 9 },
    executions: 2,
    running: 2,
    basis: 'several-executions',
    ...changes,
  };
  // Given as undefined, a field is not there.
  return Object.fromEntries(
    Object.entries(drift).filter(([, value]) => value !== undefined),
  ) as unknown as Drift;
}

export function aDriftReview(changes: Partial<DriftReview> = {}): DriftReview {
  return {
    policy: 'report',
    differences: [],
    compared: 4,
    chosen: 4,
    baseline: false,
    undecoded: [],
    ...changes,
  };
}
