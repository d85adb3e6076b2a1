import { condition, defineSignal, proxyActivities, setHandler, sleep } from '@temporalio/workflow';
import type * as activities from './activities.js';

const { count, store, format, notify, charge } = proxyActivities<typeof activities>({
  startToCloseTimeout: '10 seconds',
  retry: { maximumAttempts: 3 },
});

export const request = defineSignal<[string]>('request');
export const publish = defineSignal('publish');
export const finish = defineSignal('finish');

/** Activities and timers at the same time, in lists of fixed and of computed length. */
export async function summary(input: { summaryId: string; regions: string[] }): Promise<string> {
  let requestedBy = '';
  let published = false;
  let finished = false;
  setHandler(request, (by) => {
    requestedBy = by;
  });
  setHandler(publish, () => {
    published = true;
  });
  setHandler(finish, () => {
    finished = true;
  });

  const [orders, refunds] = await Promise.all([
    count(`orders of ${input.summaryId}`),
    store(`refunds of ${input.summaryId}`),
  ]);
  await store(`${orders} and ${refunds}`);
  await condition(() => requestedBy !== '');
  await Promise.all(input.regions.map((region) => format(region)));
  await Promise.all([sleep(20), notify(requestedBy), charge(input.summaryId)]);
  await condition(() => published);
  const stored = store('the text');
  const formatted = format('the chart');
  await sleep(20);
  const text = await stored;
  const chart = await formatted;
  await condition(() => finished);
  await notify(text);
  return `${text} with ${chart}`;
}
