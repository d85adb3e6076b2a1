import { expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { abortedAfter } from '../../src/pipeline/aborted-after.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('it is aborted when its time is over, also where garbage is collected before', async () => {
  let aborted = 0;
  const another = new AbortController();
  for (let each = 0; each < 20; each += 1) {
    abortedAfter(300, another.signal).addEventListener('abort', () => (aborted += 1));
  }
  for (let each = 0; each < 5; each += 1) {
    collectGarbage();
    await sleep(10);
  }
  await sleep(600);
  expect(aborted).toBe(20);
});

test('it says that its time is over, as the platform does', async () => {
  const signal = abortedAfter(1, new AbortController().signal);
  await sleep(100);
  expect(signal.reason).toMatchObject({ name: 'TimeoutError' });
});

test('it is aborted with the other one, for its reason', () => {
  const another = new AbortController();
  const signal = abortedAfter(60_000, another.signal);
  expect(signal.aborted).toBe(false);
  another.abort(new Error('cancelled'));
  expect(signal.reason).toMatchObject({ message: 'cancelled' });
});

test('it is aborted at once where the other one is already', () => {
  expect(abortedAfter(60_000, AbortSignal.abort(new Error('gone'))).reason).toMatchObject({
    message: 'gone',
  });
});
