import {
  condition,
  defineSignal,
  defineUpdate,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import type * as activities from './activities.js';

const { charge, refund, store, notify } = proxyActivities<typeof activities>({
  startToCloseTimeout: '10 seconds',
});
const { count } = proxyLocalActivities<typeof activities>({
  startToCloseTimeout: '5 seconds',
});

export const add = defineUpdate<number, [string]>('add');
export const settle = defineSignal('settle');
export const close = defineSignal('close');

/** Held out: see README.md. */
export async function settlement(input: { merchant: string }): Promise<number> {
  const items: string[] = [];
  let settling = false;
  let closing = false;
  setHandler(add, (item) => {
    items.push(item);
    return items.length;
  });
  setHandler(settle, () => {
    settling = true;
  });
  setHandler(close, () => {
    closing = true;
  });

  await store(input.merchant);
  await condition(() => items.length > 1);
  for (const item of items.slice(0, 2)) {
    await charge(item);
    await sleep(20);
  }
  const length = await count(input.merchant);
  await notify(`${length}`);
  await condition(() => settling);
  const first = refund('the first');
  const second = notify('the second');
  await Promise.all([first, second]);
  await store('settled');
  await condition(() => closing);
  await notify('closed');
  return items.length;
}
