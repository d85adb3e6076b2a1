import {
  condition,
  defineSignal,
  executeChild,
  proxyActivities,
  setHandler,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type * as activities from './activities.js';

const { reserve, ship, notify, store } = proxyActivities<typeof activities>({
  startToCloseTimeout: '10 seconds',
});

export const ready = defineSignal('ready');
export const confirm = defineSignal<[string]>('confirm');
export const archive = defineSignal('archive');
export const arrived = defineSignal<[string]>('arrived');

/** Child workflows with IDs of their own, waited for or only started, and a signal to one. */
export async function fulfilment(input: { orderId: string }): Promise<string> {
  const { workflowId } = workflowInfo();
  let isReady = false;
  let confirmedBy = '';
  let archived = false;
  setHandler(ready, () => {
    isReady = true;
  });
  setHandler(confirm, (by) => {
    confirmedBy = by;
  });
  setHandler(archive, () => {
    archived = true;
  });

  const parcel = await executeChild(packParcel, {
    workflowId: `${workflowId}-parcel`,
    args: [input.orderId],
  });
  await reserve(parcel);
  await condition(() => isReady);
  const courier = await startChild(trackCourier, {
    workflowId: `${workflowId}-courier`,
    args: [parcel],
  });
  await sleep(20);
  await courier.signal(arrived, 'the front door');
  const place = await courier.result();
  await store(place);
  await condition(() => confirmedBy !== '');
  await notify(confirmedBy);
  await executeChild(packParcel, {
    workflowId: `${workflowId}-papers`,
    args: [place],
  });
  await condition(() => archived);
  await store(parcel);
  return place;
}

export async function packParcel(what: string): Promise<string> {
  await ship(what);
  return `parcel of ${what}`;
}

export async function trackCourier(parcel: string): Promise<string> {
  let place = '';
  setHandler(arrived, (at) => {
    place = at;
  });
  await condition(() => place !== '');
  return `${parcel} at ${place}`;
}
