import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isOpen } from '../../src/model/execution.js';
import { coverageOrder } from '../../src/selection/coverage-order.js';
import { planReplays, type PlanOptions } from '../../src/selection/plan-replays.js';
import { anExecution, executions } from '../builders/executions.js';
import { listing } from '../builders/listing.js';

const options = (changes: Partial<PlanOptions> = {}): PlanOptions => ({
  select: 'coverage',
  maxHistories: 1000,
  maxReads: 5000,
  seed: 1,
  ...changes,
});

describe('select: coverage', () => {
  test('draws one of four replays by chance from what runs, and reads it in every fourth place', () => {
    const listed = [...executions(100), anExecution({ status: 'Completed' })];
    const { reads, sampled, sample } = planReplays(
      listed,
      options({ maxHistories: 20, maxReads: 40 }),
    );
    expect(sampled).toHaveLength(5);
    expect(sample?.positions.map((position) => listed[position])).toEqual(sampled);
    // The first fifteen places but every fourth are the order of coverage.
    const chosen = reads.slice(0, 20).filter((one) => !sampled.includes(one));
    expect(coverageOrder(listed).filter((one) => !sampled.includes(one))).toEqual(
      expect.arrayContaining(chosen),
    );
    expect(sampled.every((one) => reads.slice(0, 20).includes(one))).toBe(true);
  });

  test('the same seed draws the same, another one draws others', () => {
    const listed = executions(1000);
    const drawnWith = (seed: number) => planReplays(listed, options({ seed })).sample?.positions;
    expect(drawnWith(7)).toEqual(drawnWith(7));
    expect(drawnWith(7)).not.toEqual(drawnWith(8));
  });

  test('every running execution is drawn as often as any other', () => {
    const listed = executions(20);
    const times = new Map<number, number>();
    for (let seed = 0; seed < 4000; seed += 1) {
      const { sample } = planReplays(listed, options({ seed }));
      for (const one of sample?.positions ?? []) times.set(one, (times.get(one) ?? 0) + 1);
    }
    // 5 of 20 in each of 4,000 draws: 1,000 times, with a standard deviation of 27.
    for (let position = 0; position < 20; position += 1) {
      expect(Math.abs((times.get(position) ?? 0) - 1000)).toBeLessThan(5 * 27);
    }
  });

  test('draws nothing where nothing runs', () => {
    const plan = planReplays([anExecution({ status: 'Completed' })], options());
    expect(plan.sample).toBeUndefined();
    expect(plan.reads).toHaveLength(1);
  });
});

describe('select: newest', () => {
  test("reads in the server's order no more than is replayed, and chance has no part in it", () => {
    const listed = listing('A running', 'B running', 'A closed', 'A closed');
    const plan = planReplays(listed, options({ select: 'newest', maxHistories: 3 }));
    expect(plan).toEqual({
      reads: listed.slice(0, 3),
      maxReplays: 3,
      isInOrder: true,
      sampled: [],
    });
  });
});

describe('select: all', () => {
  test('reads and replays everything, whatever the budget, in the order of coverage', () => {
    const listed = listing('A closed', 'A running', 'B running');
    const plan = planReplays(listed, options({ select: 'all', maxHistories: 1, maxReads: 1 }));
    expect(plan.maxReplays).toBe(3);
    expect(new Set(plan.reads)).toEqual(new Set(listed));
    expect(plan.reads.at(-1)).toBe(listed[0]);
  });
});

test('every execution is read at most once, and no more than the budget allows', () => {
  const anyListing = fc.array(
    fc.constantFrom('A running v1', 'A running v2', 'B running', 'A closed v1', 'B paused v1'),
    { maxLength: 60 },
  );
  const anySelect = fc.constantFrom('coverage' as const, 'newest' as const, 'all' as const);
  const any = fc.integer({ min: 1, max: 70 });
  fc.assert(
    fc.property(anyListing, anySelect, any, any, (words, select, maxHistories, maxReads) => {
      const listed = listing(...words);
      const plan = planReplays(listed, options({ select, maxHistories, maxReads }));
      const bound = select === 'all' ? listed.length : Math.min(maxReads, listed.length);
      expect(plan.reads.length).toBe(select === 'newest' ? plan.maxReplays : bound);
      expect(plan.maxReplays).toBe(
        select === 'all' ? listed.length : Math.min(maxHistories, bound),
      );
      expect(new Set(plan.reads).size).toBe(plan.reads.length);
      expect(plan.sampled.every(isOpen)).toBe(true);
      // What must be replayed can be: the sample is no larger than the budget, and it is read.
      expect(plan.sampled.length).toBeLessThanOrEqual(plan.maxReplays);
    }),
  );
});
