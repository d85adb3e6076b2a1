import { describe, expect, test } from '@jest/globals';
import type { Execution } from '../../src/model/execution.js';
import type { Outcome, OutcomeKind } from '../../src/model/outcome.js';
import { upperBound } from '../../src/model/upper-bound.js';
import { estimateAffected } from '../../src/selection/estimate.js';
import { randomNumbers } from '../../src/selection/random.js';
import { aClosedExecution, executions } from '../builders/executions.js';

const outcomes = (listed: readonly Execution[], kinds: readonly OutcomeKind[]): Outcome[] =>
  kinds.flatMap((kind, index) => {
    const execution = listed[index];
    return execution === undefined ? [] : [{ execution, kind }];
  });

const passed = (count: number): OutcomeKind[] => Array.from({ length: count }, () => 'passed');

describe('the bound by chance', () => {
  const listed = [...executions(1000), aClosedExecution()];
  const listing = { executions: listed, truncated: false };
  const sample = { seed: 3, positions: Array.from({ length: 250 }, (_, index) => index) };

  test('of 250 without a break is 1.2 % of all that runs', () => {
    const estimate = estimateAffected(listing, outcomes(listed, passed(250)), sample);
    expect(estimate).toMatchObject({ running: 1000, sampled: 250, affected: 0, seed: 3 });
    expect(estimate?.atMost).toBeCloseTo(0.0119, 4);
  });

  test('counts what breaks and what could not be judged as affected', () => {
    const kinds: OutcomeKind[] = ['nondeterministic', 'task-failed', 'errored', ...passed(247)];
    expect(estimateAffected(listing, outcomes(listed, kinds), sample)?.affected).toBe(3);
  });

  test('counts what vanished or waits for its first task as never drawn', () => {
    const kinds: OutcomeKind[] = ['gone', 'skipped', ...passed(248)];
    expect(estimateAffected(listing, outcomes(listed, kinds), sample)?.sampled).toBe(248);
  });

  test('of a run that ended early is that of the beginning of the sample', () => {
    const some = outcomes(listed, passed(250)).filter((_, index) => index !== 100);
    expect(estimateAffected(listing, some, sample)?.sampled).toBe(100);
  });

  test.each([
    ['all that runs was looked at', listing, outcomes(listed, passed(1000)), sample],
    ['the listing was cut', { ...listing, truncated: true }, outcomes(listed, passed(250)), sample],
    ['nothing was drawn', listing, outcomes(listed, passed(250)), undefined],
    ['nothing of it was looked at', listing, [], sample],
  ])('there is none where %s', (_, of, found, drawn) => {
    expect(estimateAffected(of, found, drawn)).toBeUndefined();
  });
});

describe('the upper bound', () => {
  // Values of Clopper and Pearson's one-sided interval, as in tables of the beta distribution.
  test.each([
    [0, 10, 0.2589],
    [1, 10, 0.3942],
    [3, 100, 0.0757],
    [50, 1000, 0.063],
    [10, 10, 1],
  ])('of %i of %i is %d', (affected, sampled, expected) => {
    expect(upperBound(affected, sampled, 0.95)).toBeCloseTo(expected, 3);
  });

  const bounds = new Map<number, number>();
  const boundOf = (affected: number): number => {
    const known = bounds.get(affected) ?? upperBound(affected, 250, 0.95);
    bounds.set(affected, known);
    return known;
  };

  test('holds in at least 95 of 100 draws, whatever the truth is', () => {
    for (const share of [0.002, 0.01, 0.05, 0.3]) {
      const random = randomNumbers(Math.round(share * 1000));
      let held = 0;
      for (let draw = 0; draw < 2000; draw += 1) {
        let affected = 0;
        for (let one = 0; one < 250; one += 1) if (random() < share) affected += 1;
        if (boundOf(affected) >= share) held += 1;
      }
      // Exact intervals hold more often than they say; three deviations below would be 93.5 %.
      expect(held / 2000).toBeGreaterThan(0.935);
    }
  });
});
