/** Lines that differ, as half-open ranges that count from 0. */
export interface Hunk {
  readonly before: readonly [from: number, to: number];
  readonly after: readonly [from: number, to: number];
}

/** More pairs of lines are not compared one by one: then all lines between the common ends differ. */
const MAX_PAIRS = 4_000_000;

/** Where two texts differ by lines. Indentation does not count, because a line that is only moved into a block stays. */
export function diffLines(before: readonly string[], after: readonly string[]): Hunk[] {
  const old = before.map((line) => line.trim());
  const young = after.map((line) => line.trim());
  let start = 0;
  while (start < old.length && start < young.length && old[start] === young[start]) start += 1;
  let [oldEnd, youngEnd] = [old.length, young.length];
  while (oldEnd > start && youngEnd > start && old[oldEnd - 1] === young[youngEnd - 1]) {
    oldEnd -= 1;
    youngEnd -= 1;
  }
  const matches = commonLines(old.slice(start, oldEnd), young.slice(start, youngEnd));
  const hunks: Hunk[] = [];
  let [i, j] = [start, start];
  for (const [x, y] of [...matches, [oldEnd - start, youngEnd - start] as const]) {
    const [oldAt, youngAt] = [start + x, start + y];
    if (oldAt > i || youngAt > j) hunks.push({ before: [i, oldAt], after: [j, youngAt] });
    [i, j] = [oldAt + 1, youngAt + 1];
  }
  return hunks;
}

/** The longest common subsequence of lines, as pairs of indices. */
function commonLines(old: readonly string[], young: readonly string[]): [number, number][] {
  if (old.length * young.length > MAX_PAIRS) return [];
  const width = young.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  const at = (x: number, y: number): number => lengths[x * width + y] ?? 0;
  for (let x = old.length - 1; x >= 0; x -= 1) {
    for (let y = young.length - 1; y >= 0; y -= 1) {
      lengths[x * width + y] =
        old[x] === young[y] ? at(x + 1, y + 1) + 1 : Math.max(at(x + 1, y), at(x, y + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let x = 0, y = 0; x < old.length && y < young.length;) {
    if (old[x] === young[y]) {
      pairs.push([x, y]);
      x += 1;
      y += 1;
    } else if (at(x + 1, y) >= at(x, y + 1)) x += 1;
    else y += 1;
  }
  return pairs;
}
