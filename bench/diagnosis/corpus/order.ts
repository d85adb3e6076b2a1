import {
  condition,
  defineSignal,
  patched,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import type * as activities from './activities.js';

const { reserve, notify, checkFraud, charge, ship } = proxyActivities<typeof activities>({
  startToCloseTimeout: '10 seconds',
});
const { format } = proxyLocalActivities<typeof activities>({
  startToCloseTimeout: '5 seconds',
});

export const approve = defineSignal<[string]>('approve');
export const pay = defineSignal<[number]>('pay');
export const deliver = defineSignal('deliver');

/** Activities one after the other, a patch, a local activity, a timer, and three waits for signals. */
export async function order(input: { orderId: string; amount: number }): Promise<string> {
  let approvedBy = '';
  let paid = 0;
  let delivered = false;
  setHandler(approve, (by) => {
    approvedBy = by;
  });
  setHandler(pay, (amount) => {
    paid += amount;
  });
  setHandler(deliver, () => {
    delivered = true;
  });

  const reservation = await reserve(input.orderId);
  await notify('reserved');
  await condition(() => approvedBy !== '');
  if (patched('check-fraud')) {
    await checkFraud(input.orderId);
  }
  await sleep(30);
  const receipt = await format(input.orderId);
  await notify('approved');
  await condition(() => paid >= input.amount);
  await charge(reservation);
  await sleep(20);
  await ship(input.orderId);
  await condition(() => delivered);
  await notify(receipt);
  return receipt;
}
