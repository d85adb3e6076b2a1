/** One of `of` shares of the work; `index` counts from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/**
 * Which items each shard takes, as positions in order. The heaviest item goes first, and each goes to the shard
 * with the least load (longest processing time first: at most a third over the optimum). Every job computes the
 * same shares.
 *
 * @param weights what each item costs, in any unit
 */
export function shareOut(weights: readonly number[], of: number): number[][] {
  const shards = Array.from({ length: of }, () => ({ load: 0, items: [] as number[] }));
  const heaviestFirst = weights
    .map((weight, item) => ({ weight, item }))
    .sort((a, b) => b.weight - a.weight || a.item - b.item);
  for (const { weight, item } of heaviestFirst) {
    // Among equal loads, the shard with fewer items: items without weight are work too.
    const least = shards.reduce((one, other) =>
      other.load < one.load || (other.load === one.load && other.items.length < one.items.length)
        ? other
        : one,
    );
    least.load += weight;
    least.items.push(item);
  }
  return shards.map(({ items }) => items.sort((a, b) => a - b));
}
