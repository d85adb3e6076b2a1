import { describe, expect, test } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { begun } from '../../src/pipeline/begun.js';
import type { ByteShare } from '../../src/pipeline/byte-room.js';
import { mapWithinBytes } from '../../src/pipeline/map-within-bytes.js';
import { withinBytes, type Lent } from '../../src/pipeline/within-bytes.js';

const LIMIT = 100;

/** Time for all that can happen by itself. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) await turn();
}

describe('results within bytes', () => {
  /** Reads `pages` of 40 bytes each, and keeps account of what all of them hold. */
  class Reads {
    held = 0;
    most = 0;
    readonly log: string[] = [];

    readonly read =
      (pages: number) =>
      async (item: number, share: ByteShare): Promise<{ item: number; bytes: number }> => {
        for (let page = 1; page <= pages; page += 1) {
          await share.room();
          await turn();
          share.add(40);
          this.held += 40;
          this.most = Math.max(this.most, this.held);
          this.log.push(`${item}.${page}`);
        }
        return { item, bytes: pages * 40 };
      };
  }

  test('come in order, and together hold no more than the limit, the first and a page each', async () => {
    const reads = new Reads();
    const items = [0, 1, 2, 3, 4, 5, 6, 7];
    const seen: number[] = [];
    const concurrency = 4;
    const all = mapWithinBytes(items, { concurrency, limit: LIMIT }, reads.read(5));
    for await (const { item, bytes } of all) {
      seen.push(item);
      reads.held -= bytes;
    }
    expect(seen).toEqual(items);
    // Without a limit it would be 4 × 200.
    expect(reads.most).toBeLessThanOrEqual(LIMIT + 200 + concurrency * 40);
  });

  test('that nobody takes keep others from reading on', async () => {
    const reads = new Reads();
    const all = mapWithinBytes([0, 1, 2], { concurrency: 3, limit: LIMIT }, reads.read(5));
    const first = await all.next();
    expect(first.value?.item).toBe(0);
    await settled();
    // The second is the first now, and whole; the third waits.
    expect(reads.log.filter((page) => page.startsWith('1.'))).toHaveLength(5);
    expect(reads.log.filter((page) => page.startsWith('2.')).length).toBeLessThan(5);
    expect((await all.next()).value?.item).toBe(1);
    expect((await all.next()).value?.item).toBe(2);
  });

  test('of which one fails keep nobody waiting', async () => {
    const reads = new Reads();
    const read = reads.read(5);
    const all = mapWithinBytes([0, 1, 2], { concurrency: 3, limit: LIMIT }, async (item, share) => {
      const result = await read(item, share);
      if (item === 0) throw new Error('it broke');
      return result;
    });
    const seen: number[] = [];
    await expect(
      (async () => {
        for await (const { item } of all) seen.push(item);
      })(),
    ).rejects.toThrow('it broke');
    expect(seen).toEqual([1, 2]);
  });

  test('end when whoever takes them has enough', async () => {
    const reads = new Reads();
    const all = mapWithinBytes([0, 1, 2, 3], { concurrency: 4, limit: LIMIT }, reads.read(5));
    for await (const { item } of all) if (item === 0) break;
    await settled();
    expect((await all.next()).done).toBe(true);
  });
});

describe('items within bytes', () => {
  async function* items(taken: number[]): AsyncGenerator<number> {
    for (let item = 0; item < 5; item += 1) {
      await turn();
      taken.push(item);
      yield item;
    }
  }

  test('come only while those that were not let go hold less than the limit', async () => {
    const taken: number[] = [];
    const lent: Lent<number>[] = [];
    const within = withinBytes(items(taken), LIMIT, () => 60);
    const take = async (): Promise<void> => {
      const next = await within.next();
      if (next.done !== true) lent.push(next.value);
    };
    const lanes = [take(), take(), take(), take()];
    await settled();
    expect(taken).toEqual([0, 1]);
    lent[0]?.letGo();
    await settled();
    expect(taken).toEqual([0, 1, 2]);
    // One alone may be as large as it is.
    lent[1]?.letGo();
    lent[2]?.letGo();
    await Promise.all(lanes);
    expect(lent.map(({ item }) => item)).toEqual([0, 1, 2, 3]);
  });

  test('end with their source, also when nobody has let go', async () => {
    const taken: number[] = [];
    const lent: Lent<number>[] = [];
    for await (const one of withinBytes(items(taken), LIMIT, () => 1)) lent.push(one);
    expect(lent).toHaveLength(5);
  });
});

describe('what is begun', () => {
  test('asks for the first item before anybody does, and for no other', async () => {
    const taken: number[] = [];
    async function* source(): AsyncGenerator<number> {
      for (const item of [0, 1, 2]) {
        await turn();
        taken.push(item);
        yield item;
      }
    }
    const items = begun(source());
    await settled();
    expect(taken).toEqual([0]);
    const seen: number[] = [];
    for await (const item of items) seen.push(item);
    expect(seen).toEqual([0, 1, 2]);
  });

  test('tells its failure to whoever asks, and is no failure until then', async () => {
    async function* source(): AsyncGenerator<number> {
      await turn();
      throw new Error('it broke');
      yield 1;
    }
    const items = begun(source());
    await settled();
    await expect(items[Symbol.asyncIterator]().next()).rejects.toThrow('it broke');
  });

  test('ends its source when whoever takes from it has enough', async () => {
    let isEnded = false;
    async function* source(): AsyncGenerator<number> {
      try {
        await turn();
        yield 1;
        yield 2;
      } finally {
        isEnded = true;
      }
    }
    for await (const _ of begun(source())) break;
    expect(isEnded).toBe(true);
  });
});
