import { condition, continueAsNew, proxyActivities, setHandler } from '@temporalio/workflow';
import type * as activities from '../activities';
import { balance as balanceQuery, purchase } from './messages';
import type { AccountBalance, CustomerAccountInput, Purchase } from './types';

const { recordPurchase, sendStatement } = proxyActivities<typeof activities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '100 ms', maximumAttempts: 5 },
});

/** Lives as long as its customer: adds up purchases, sends a statement every few of them. */
export async function customerAccount(input: CustomerAccountInput): Promise<never> {
  const purchasesPerRun = input.purchasesPerRun ?? 100;
  const unhandled: Purchase[] = [...(input.unhandled ?? [])];
  let balance: AccountBalance = input.balance ?? { purchases: 0, total: 0 };

  setHandler(balanceQuery, () => balance);
  setHandler(purchase, (newPurchase) => {
    unhandled.push(newPurchase);
  });

  for (let handled = 0; handled < purchasesPerRun; handled++) {
    await condition(() => unhandled.length > 0);
    const { orderId, amount } = unhandled.shift()!;
    await recordPurchase(input.customerId, orderId);
    balance = { purchases: balance.purchases + 1, total: balance.total + amount };
  }

  await sendStatement(input.customerId, balance.total);
  return continueAsNew<typeof customerAccount>({ ...input, balance, unhandled });
}
