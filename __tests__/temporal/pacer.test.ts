import { expect, test } from '@jest/globals';
import { Pacer } from '../../src/temporal/pacer.js';

const never = new AbortController().signal;

test('without a cap every request starts at once, and is counted', async () => {
  const pacer = new Pacer(undefined);
  await Promise.all(Array.from({ length: 100 }, () => pacer.ready(never)));
  expect(pacer.started).toBe(100);
});

test('requests start evenly, in the order in which they asked', async () => {
  const pacer = new Pacer(100);
  const begin = performance.now();
  const starts: { readonly request: number; readonly at: number }[] = [];
  await Promise.all(
    [0, 1, 2, 3, 4, 5].map(async (request) => {
      await pacer.ready(never);
      starts.push({ request, at: performance.now() - begin });
    }),
  );
  expect(starts.map(({ request }) => request)).toEqual([0, 1, 2, 3, 4, 5]);
  // Timers may be late, and a millisecond early, but never make a burst.
  for (const { request, at } of starts) expect(at).toBeGreaterThan(request * 10 - 3);
});

test('time that nobody used is not saved up for a burst', async () => {
  const pacer = new Pacer(50);
  await pacer.ready(never);
  await new Promise((resolve) => setTimeout(resolve, 60));
  const begin = performance.now();
  await Promise.all([pacer.ready(never), pacer.ready(never)]);
  expect(performance.now() - begin).toBeGreaterThan(17);
});

test('a cancelled run starts nothing more, also what was waiting already', async () => {
  const controller = new AbortController();
  const pacer = new Pacer(0.1);
  await pacer.ready(controller.signal);
  const waiting = pacer.ready(controller.signal);
  controller.abort(new Error('cancelled'));
  await expect(waiting).rejects.toThrow();
  await expect(pacer.ready(controller.signal)).rejects.toThrow('cancelled');
  expect(pacer.started).toBe(1);
});

test('while a server is left alone, no request starts, with and without a cap', async () => {
  for (const pacer of [new Pacer(undefined), new Pacer(1000)]) {
    pacer.pause(40);
    // A shorter pause never ends a longer one.
    pacer.pause(1);
    const begin = performance.now();
    await Promise.all([pacer.ready(never), pacer.ready(never)]);
    expect(performance.now() - begin).toBeGreaterThan(37);
  }
});

test('after a refusal what waited does not come back in one burst, and later it is forgotten', async () => {
  const pacer = new Pacer(undefined);
  pacer.pause(10);
  // Refused at the same time: it counts once.
  pacer.pause(10);
  const took = async (requests: number): Promise<number> => {
    const begin = performance.now();
    await Promise.all(Array.from({ length: requests }, () => pacer.ready(never)));
    return performance.now() - begin;
  };
  const refused = await took(5);
  expect(refused).toBeGreaterThan(10 + 4 * 45);
  await took(75);
  expect(await took(20)).toBeLessThan(refused);
});

test('a pause holds back also who waits for its turn already', async () => {
  const pacer = new Pacer(20);
  await pacer.ready(never);
  const waiting = pacer.ready(never);
  const begin = performance.now();
  pacer.pause(120);
  await waiting;
  expect(performance.now() - begin).toBeGreaterThan(115);
});

test('one that is cancelled while it waits holds up nobody behind it', async () => {
  const controller = new AbortController();
  const pacer = new Pacer(10);
  await pacer.ready(never);
  const [cancelled, behind] = [pacer.ready(controller.signal), pacer.ready(never)];
  controller.abort(new Error('cancelled'));
  await expect(cancelled).rejects.toThrow();
  await behind;
  expect(pacer.started).toBe(2);
});
