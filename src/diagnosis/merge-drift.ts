import type { Drift, DriftFound, DriftPolicy, DriftReview } from '../model/drift.js';
import { byWeight } from './drift.js';

/**
 * What several runs found, as one. Each run looked into its own executions, so the numbers add up, and a
 * difference that each saw in one execution is seen in several.
 */
export function mergeDrift(
  reviews: readonly DriftFound[],
  policy: Exclude<DriftPolicy, 'off'>,
): DriftReview {
  const byPlace = new Map<string, Drift>();
  for (const drift of reviews.flatMap(({ differences }) => differences)) {
    const key = placeOf(drift);
    const other = byPlace.get(key);
    byPlace.set(key, other === undefined ? drift : joined(other, drift));
  }
  return {
    policy,
    differences: [...byPlace.values()].sort(byWeight),
    compared: sum(reviews.map(({ compared }) => compared)),
    chosen: sum(reviews.map(({ chosen }) => chosen)),
    baseline: reviews.some(({ baseline }) => baseline),
    undecoded: [...new Set(reviews.flatMap(({ undecoded }) => undecoded))].sort(),
  };
}

function placeOf({ kind, command, field, location, workflowTypes }: Drift): string {
  const place = location === undefined ? workflowTypes : [location.file, location.line];
  return JSON.stringify([place, kind, command, field]);
}

function joined(one: Drift, other: Drift): Drift {
  return {
    ...one,
    workflowTypes: [...new Set([...one.workflowTypes, ...other.workflowTypes])].sort(),
    executions: one.executions + other.executions,
    running: one.running + other.running,
    basis:
      one.basis === 'differs-from-baseline' || other.basis === 'differs-from-baseline'
        ? 'differs-from-baseline'
        : 'several-executions',
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
