import { describe, expect, test } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { orderedMap } from '../../src/pipeline/ordered-map.js';

/** Calls that end when they are told to. */
class Calls {
  readonly started: number[] = [];
  underWay = 0;
  mostUnderWay = 0;
  private readonly ends = new Map<
    number,
    { resolve: (value: number) => void; reject: (reason: Error) => void }
  >();

  readonly call = (item: number): Promise<number> => {
    this.started.push(item);
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    return new Promise<number>((resolve, reject) => {
      this.ends.set(item, { resolve, reject });
    }).finally(() => {
      this.underWay -= 1;
    });
  };

  /** Waits for a call, for as long as a call that comes at all can take. */
  async comes(item: number): Promise<void> {
    for (let turns = 0; turns < 100 && !this.started.includes(item); turns += 1) await turn();
    expect(this.started).toContain(item);
  }

  end(item: number): void {
    this.ends.get(item)?.resolve(item);
  }

  fail(item: number): void {
    this.ends.get(item)?.reject(new Error(`item ${item}`));
  }
}

const ITEMS = [0, 1, 2, 3, 4, 5, 6, 7];

test("results come in the items' order, however the calls end", async () => {
  const calls = new Calls();
  const results: number[] = [];
  const done = (async () => {
    for await (const result of orderedMap(ITEMS, 3, calls.call)) results.push(result);
  })();
  for (const item of [2, 1, 0, 5, 4, 3, 7, 6]) {
    await calls.comes(item);
    calls.end(item);
  }
  await done;
  expect(results).toEqual(ITEMS);
});

test('never more calls are under way than allowed, and all that are allowed', async () => {
  const calls = new Calls();
  const results = orderedMap(ITEMS, 3, calls.call);
  const first = results.next();
  await turn();
  expect(calls.started).toEqual([0, 1, 2]);
  calls.end(0);
  await first;
  expect(calls.started).toEqual([0, 1, 2, 3]);
  for (const item of ITEMS.slice(1)) {
    const next = results.next();
    await calls.comes(item);
    calls.end(item);
    expect(await next).toEqual({ done: false, value: item });
  }
  expect(await results.next()).toEqual({ done: true, value: undefined });
  expect(calls.mostUnderWay).toBe(3);
});

test('a slow consumer stops the reading', async () => {
  const calls = new Calls();
  const results = orderedMap(ITEMS, 2, calls.call);
  const first = results.next();
  await turn();
  for (const item of [0, 1]) calls.end(item);
  await first;
  calls.end(2);
  for (let i = 0; i < 20; i += 1) await turn();
  expect(calls.started).toEqual([0, 1, 2]);
  for (const item of ITEMS) calls.end(item);
  await results.return();
});

describe('when the consumer stops early', () => {
  test('no further call is started, and those under way are awaited', async () => {
    const calls = new Calls();
    const results = orderedMap(ITEMS, 3, calls.call);
    const first = results.next();
    await turn();
    calls.end(0);
    await first;
    let returned = false;
    const end = results.return().then(() => {
      returned = true;
    });
    for (let i = 0; i < 20; i += 1) await turn();
    expect(returned).toBe(false);
    for (const item of [1, 2, 3]) calls.end(item);
    await end;
    expect(calls.started).toEqual([0, 1, 2, 3]);
    expect(calls.underWay).toBe(0);
  });

  test('a call that fails then is nobody’s trouble', async () => {
    const calls = new Calls();
    const results = orderedMap(ITEMS, 2, calls.call);
    const first = results.next();
    await turn();
    calls.end(0);
    await first;
    const end = results.return();
    calls.fail(1);
    calls.fail(2);
    await expect(end).resolves.toEqual({ done: true, value: undefined });
  });
});

describe('when a call fails', () => {
  test('the results of the others still come, then its error, and nothing more is started', async () => {
    const calls = new Calls();
    const seen: number[] = [];
    const done = (async () => {
      for await (const result of orderedMap(ITEMS, 3, calls.call)) seen.push(result);
    })();
    await turn();
    calls.fail(1);
    calls.end(2);
    await turn();
    calls.end(0);
    await calls.comes(3);
    calls.end(3);
    await expect(done).rejects.toThrow('item 1');
    expect(seen).toEqual([0, 2, 3]);
    expect(calls.underWay).toBe(0);
    expect(calls.started.length).toBeLessThan(ITEMS.length);
  });
});

test('without items there is nothing', async () => {
  const calls = new Calls();
  expect(await orderedMap([], 3, calls.call).next()).toEqual({ done: true, value: undefined });
});

test('fewer items than calls allowed are each called once', async () => {
  const results: number[] = [];
  for await (const result of orderedMap([1, 2], 10, (item) => Promise.resolve(item * 2))) {
    results.push(result);
  }
  expect(results).toEqual([2, 4]);
});
