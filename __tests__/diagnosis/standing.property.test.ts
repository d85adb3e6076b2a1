import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { standingPast } from '../../src/diagnosis/standing.js';
import { aClosedExecution } from '../builders/executions.js';
import { anOutcome } from '../builders/outcomes.js';

/**
 * A simulated type: executions arrive by chance, come past the diverging point, and stay there for some time. The
 * number is held against what a deployment at random moments meets.
 */
test('the number of executions past a point is what a deployment at any moment meets', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      fc.integer({ min: 200, max: 600 }),
      fc.double({ min: 0.001, max: 0.05, noNaN: true }),
      (seed, arrivals, meanStay) => {
        const random = numbers(seed);
        const windowMs = 1_000_000;
        const asOf = 10_000_000;
        const stays = Array.from({ length: arrivals }, () => {
          // Also before the window: of those only the part within it counts.
          const passed = asOf - 2 * windowMs + random() * 2 * windowMs;
          return { passed, closed: passed - Math.log(1 - random()) * meanStay * windowMs };
        }).filter(({ closed }) => closed <= asOf);
        const time = (ms: number): string => new Date(ms).toISOString();
        const broken = stays.map(({ passed, closed }) =>
          aClosedExecution({ startTime: time(passed - 10), closeTime: time(closed) }),
        );
        const taskOf = new Map(
          broken.map((one, index) => [one, { completedTime: time(stays[index]?.passed ?? 0) }]),
        );
        const { atLeast, atMost } = standingPast(
          broken,
          'orderWorkflow',
          (one) => taskOf.get(one) ?? {},
          () => true,
          {
            listed: broken,
            outcomes: broken.map((one) => anOutcome('nondeterministic', one)),
            asOf,
            windowMs,
          },
        );
        expect(atMost).toBe(atLeast);

        const moments = 4000;
        let met = 0;
        for (let moment = 0; moment < moments; moment += 1) {
          const at = asOf - windowMs + ((moment + random()) / moments) * windowMs;
          met += stays.filter(({ passed, closed }) => passed <= at && at < closed).length;
        }
        // Moments are spread evenly, so the error is far below that of a sample.
        expect(Math.abs(met / moments - atLeast)).toBeLessThan(0.05 * atLeast + 0.02);
      },
    ),
    { numRuns: 20 },
  );
});

/** Evenly distributed numbers from 0 to 1, the same for the same seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
