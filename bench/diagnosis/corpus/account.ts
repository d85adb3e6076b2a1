import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import {
  condition,
  defineSignal,
  defineUpdate,
  proxyActivities,
  setHandler,
  sleep,
  upsertMemo,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type * as activities from './activities.js';

const { store, notify, charge, audit } = proxyActivities<typeof activities>({
  startToCloseTimeout: '10 seconds',
});

export const deposit = defineUpdate<number, [number]>('deposit');
export const changeOwner = defineUpdate<string, [string]>('changeOwner');
export const close = defineSignal('close');
export const forget = defineSignal('forget');
const customer = defineSearchAttributeKey('Customer', SearchAttributeType.KEYWORD);

/** Updates, one of which runs an activity, and upserts of memo and search attributes. */
export async function account(input: { owner: string }): Promise<number> {
  let owner = input.owner;
  let balance = 0;
  let closing = false;
  let forgotten = false;
  setHandler(
    deposit,
    async (amount) => {
      await charge(`${amount}`);
      balance += amount;
      return balance;
    },
    {
      validator: (amount) => {
        if (amount <= 0) throw new Error('nothing to deposit');
      },
    },
  );
  setHandler(changeOwner, (name) => {
    owner = name;
    return owner;
  });
  setHandler(close, () => {
    closing = true;
  });
  setHandler(forget, () => {
    forgotten = true;
  });

  await store(owner);
  upsertMemo({ owner });
  await condition(() => balance > 0);
  await notify('first deposit');
  upsertSearchAttributes([{ key: customer, value: input.owner }]);
  await sleep(20);
  await condition(() => owner !== input.owner);
  upsertMemo({ owner });
  await notify(owner);
  await condition(() => closing);
  await audit(owner);
  await sleep(20);
  await condition(() => forgotten);
  await store('nothing');
  return balance;
}
