import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { shareOut } from '../../src/model/shard.js';
import { Random } from '../../testing/random.js';

const weights = fc.array(fc.nat({ max: 1_000_000 }), { maxLength: 200 });
const shards = fc.integer({ min: 1, max: 20 });

const sum = (items: readonly number[]): number => items.reduce((all, one) => all + one, 0);

test('every item goes to exactly one shard, in its order, and every job computes the same', () => {
  fc.assert(
    fc.property(weights, shards, (given, of) => {
      const shared = shareOut(given, of);
      expect(shared).toHaveLength(of);
      expect(shared.flat().sort((a, b) => a - b)).toEqual(given.map((_, item) => item));
      for (const items of shared) expect(items).toEqual([...items].sort((a, b) => a - b));
      expect(shareOut(given, of)).toEqual(shared);
    }),
  );
});

test('no shard has more than a third over what it must', () => {
  fc.assert(
    fc.property(weights, shards, (given, of) => {
      const loads = shareOut(given, of).map((items) => sum(items.map((item) => given[item] ?? 0)));
      const [, ...rest] = [...given].sort((a, b) => b - a);
      // Whatever is done, one shard has the heaviest, the average, or two of the first n + 1.
      const best = Math.max(
        sum(given) / of,
        given.length === 0 ? 0 : Math.max(...given),
        (rest[of - 2] ?? 0) + (rest[of - 1] ?? 0),
      );
      expect(Math.max(...loads)).toBeLessThanOrEqual((4 / 3) * best + 1e-6);
    }),
  );
});

/** The heaviest share, of what each would have if all were alike. */
function imbalance(given: readonly number[], of: number): number {
  const loads = shareOut(given, of).map((items) => sum(items.map((item) => given[item] ?? 0)));
  return Math.max(...loads) / (sum(given) / of);
}

test('no shard has more than its mean and one history', () => {
  fc.assert(
    fc.property(weights, shards, (given, of) => {
      if (sum(given) === 0) return;
      const mean = sum(given) / of;
      expect(imbalance(given, of)).toBeLessThanOrEqual(1 + Math.max(...given) / mean + 1e-9);
    }),
  );
});

test.each([1, 2, 4, 8])(
  'of a thousand histories, some of them a hundred times as long as most, no share of %i is 5 %% above another',
  (of) => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = new Random(seed);
        // From 2 kB to 2 MB, of which the short are the many.
        const given = Array.from({ length: 1_000 }, () =>
          Math.round(2_000 * 1_000 ** (random.fraction() ** 4)),
        );
        expect(imbalance(given, of)).toBeLessThan(1.05);
      }),
    );
  },
);

test('the heavy ones are spread, and the light ones fill up', () => {
  expect(shareOut([10, 1, 1, 10, 8], 2)).toEqual([
    [0, 4],
    [1, 2, 3],
  ]);
});

test('items without weight are shared out too', () => {
  expect(shareOut([0, 0, 0, 0], 2)).toEqual([
    [0, 2],
    [1, 3],
  ]);
});

test('more shards than items leaves some with nothing', () => {
  expect(shareOut([5], 3)).toEqual([[0], [], []]);
});
