import {
  CancellationScope,
  TemporalFailure,
  condition,
  executeChild,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type * as activities from '../activities';
import { approve, changeAddress, orderStatus } from './messages';
import { shipment } from './shipment';
import type { OrderInput, OrderResult, OrderStatus } from './types';

const APPROVAL_LIMIT = 1_000;

const { reserveStock, releaseStock, refundCard, sendReceipt } = proxyActivities<typeof activities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '100 ms', maximumAttempts: 5 },
});

// A bank may take days to confirm a charge, and does not acknowledge cancellation.
const { chargeCard } = proxyActivities<typeof activities>({
  startToCloseTimeout: '7 days',
  cancellationType: 'TRY_CANCEL',
  retry: { initialInterval: '100 ms', maximumAttempts: 5 },
});

/** Reserves stock, waits for approval of a large amount, charges the card, ships, sends a receipt. */
export async function order(input: OrderInput): Promise<OrderResult> {
  let status: OrderStatus = 'reserving-stock';
  let address = input.address;
  let isApproved = input.amount <= APPROVAL_LIMIT;
  const compensations: Array<() => Promise<void>> = [];

  setHandler(orderStatus, () => status);
  setHandler(approve, () => {
    isApproved = true;
  });
  setHandler(changeAddress, (newAddress) => (address = newAddress), {
    validator: (newAddress) => {
      if (newAddress.street.trim() === '' || newAddress.city.trim() === '') {
        throw new Error('An address needs a street and a city');
      }
      if (status !== 'reserving-stock' && status !== 'waiting-for-approval') {
        throw new Error(`The address can no longer be changed: the order is ${status}`);
      }
    },
  });

  try {
    await reserveStock(input.orderId, input.items);
    compensations.unshift(() => releaseStock(input.orderId));

    if (!isApproved) {
      status = 'waiting-for-approval';
      if (!(await condition(() => isApproved, input.approvalTimeout ?? '3 days'))) {
        await compensate(compensations);
        status = 'expired';
        return { outcome: 'expired' };
      }
    }

    status = 'charging';
    const chargeId = await chargeCard(input.orderId, input.card, input.amount);
    compensations.unshift(() => refundCard(chargeId));

    status = 'shipping';
    const { trackingNumber } = await executeChild(shipment, {
      workflowId: `${workflowInfo().workflowId}-shipment`,
      args: [
        {
          orderId: input.orderId,
          items: input.items,
          address,
          packingTime: input.packingTime ?? '2 hours',
          deliveryTimeout: input.deliveryTimeout ?? '14 days',
        },
      ],
    });

    await sendReceipt(input.orderId, input.amount);
    status = 'completed';
    return { outcome: 'completed', chargeId, trackingNumber };
  } catch (error) {
    // Anything else is a bug: the task is retried, and the order goes on once the bug is fixed.
    if (error instanceof TemporalFailure) {
      status = 'compensating';
      await compensate(compensations);
    }
    throw error;
  }
}

async function compensate(compensations: Array<() => Promise<void>>): Promise<void> {
  // A cancelled order must give back the money and the stock all the same.
  await CancellationScope.nonCancellable(async () => {
    for (const undo of compensations) {
      await undo();
    }
  });
}
