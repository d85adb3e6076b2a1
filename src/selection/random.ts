/** Numbers from 0 up to 1, the same for the same seed (Mulberry32; nothing here is secret). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * `count` items, drawn uniformly and in random order (the beginning of a Fisher-Yates shuffle).
 */
export function drawn<Item>(items: readonly Item[], count: number, seed: number): Item[] {
  const random = randomNumbers(seed);
  const pool = [...items];
  const draws = Math.min(count, pool.length);
  for (let place = 0; place < draws; place += 1) {
    const other = place + Math.floor(random() * (pool.length - place));
    [pool[place], pool[other]] = [pool[other] as Item, pool[place] as Item];
  }
  return pool.slice(0, draws);
}
