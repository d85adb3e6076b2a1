import {
  CancellationScope,
  condition,
  defineSignal,
  isCancellation,
  proxyActivities,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import type * as activities from './activities.js';

const { reserve, release, charge, notify, store } = proxyActivities<typeof activities>({
  startToCloseTimeout: '10 seconds',
});
const { refuse } = proxyActivities<typeof activities>({
  startToCloseTimeout: '10 seconds',
  retry: { maximumAttempts: 1 },
});

export const pay = defineSignal('pay');
export const checkIn = defineSignal<[string]>('checkIn');
export const leave = defineSignal('leave');

/** Waits with a time-out, cancellation scopes, and a compensation after an activity that fails. */
export async function booking(input: { seat: string }): Promise<string> {
  let paid = false;
  let passport = '';
  let left = false;
  setHandler(pay, () => {
    paid = true;
  });
  setHandler(checkIn, (number) => {
    passport = number;
  });
  setHandler(leave, () => {
    left = true;
  });

  const hold = await reserve(input.seat);
  const inTime = await condition(() => paid, '1 hour');
  if (!inTime) {
    await release(hold);
    return 'expired';
  }
  await charge(hold);
  const reminder = new CancellationScope();
  const reminding = reminder.run(async () => {
    await sleep('1 day');
    await notify('the day before');
  });
  const reminded = reminding.catch((error: unknown) => {
    if (!isCancellation(error)) throw error;
  });
  await condition(() => passport !== '');
  reminder.cancel();
  await reminded;
  await store(passport);
  try {
    await refuse('an upgrade');
  } catch {
    await notify('no upgrade');
  }
  await CancellationScope.nonCancellable(() => store(input.seat));
  const leftInTime = await condition(() => left, '2 hours');
  await release(hold);
  return leftInTime ? 'left' : 'forgotten';
}
