import {
  condition,
  defineSignal,
  executeChild,
  patched,
  proxyActivities,
  setHandler,
  sleep,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type * as activities from './activities.js';

const { store, notify, checkFraud, format, reserve } = proxyActivities<typeof activities>({
  startToCloseTimeout: '10 seconds',
});

export const signContract = defineSignal<[string]>('signContract');
export const handOver = defineSignal('handOver');
export const start = defineSignal('start');

/** Held out: see README.md. */
export async function onboarding(input: { person: string; laptop: boolean }): Promise<string> {
  let contract = '';
  let equipped = false;
  let started = false;
  setHandler(signContract, (name) => {
    contract = name;
  });
  setHandler(handOver, () => {
    equipped = true;
  });
  setHandler(start, () => {
    started = true;
  });

  const file = await store(input.person);
  await Promise.all([notify(input.person), checkFraud(input.person)]);
  await condition(() => contract !== '');
  if (patched('memo-of-contract')) {
    upsertMemo({ contract });
  }
  await format(contract);
  if (input.laptop) {
    await reserve('laptop');
  }
  const desk = await executeChild(prepareDesk, {
    workflowId: `${workflowInfo().workflowId}-desk`,
    args: [input.person],
  });
  await condition(() => equipped);
  await sleep(20);
  await notify(desk);
  const inTime = await condition(() => started, '3 hours');
  await store(`${file} ${inTime}`);
  return desk;
}

export async function prepareDesk(person: string): Promise<string> {
  await reserve(person);
  return `desk of ${person}`;
}
