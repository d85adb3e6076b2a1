import {
  condition,
  continueAsNew,
  defineSignal,
  patched,
  proxyActivities,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import type * as activities from './activities.js';

const { charge, notify, store } = proxyActivities<typeof activities>({
  startToCloseTimeout: '10 seconds',
});

export const pay = defineSignal<[number]>('pay');
export const renew = defineSignal('renew');

/** A loop of timers and waits, a patch in it, and continue-as-new at its end. */
export async function subscription(input: { customer: string; year: number }): Promise<void> {
  let payments = 0;
  let renewed = false;
  setHandler(pay, (amount) => {
    payments += amount;
  });
  setHandler(renew, () => {
    renewed = true;
  });

  await store(`${input.customer} in ${input.year}`);
  for (let month = 1; month <= 3; month += 1) {
    await sleep(20);
    await condition(() => payments >= month);
    const bill = await charge(`${input.customer} for ${month}`);
    if (patched('thank-for-payments')) {
      await notify(bill);
    }
    if (month === 2) {
      await store('half of the year');
    }
  }
  await condition(() => renewed);
  await notify('renewed');
  if (input.year < 2) {
    await continueAsNew<typeof subscription>({ customer: input.customer, year: input.year + 1 });
  }
}
