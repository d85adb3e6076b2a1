import { ApplicationFailure, CompleteAsyncError, activityInfo } from '@temporalio/activity';
import type { Address, Item } from './workflows/types';

// In-memory stand-ins for a warehouse, a bank, a carrier and a mail service. Every result follows
// from the arguments and the attempt alone, so that two workers, or a restarted one, agree.

const reservations = new Map<string, Item[]>();
const charges = new Map<string, number>();
const parcels = new Map<string, Address>();
const letters: string[] = [];

/** The SKU `out-of-stock` fails for good. */
export async function reserveStock(orderId: string, items: Item[]): Promise<void> {
  if (items.some((item) => item.sku === 'out-of-stock')) {
    throw ApplicationFailure.nonRetryable('An item is out of stock', 'OutOfStock');
  }
  reservations.set(orderId, items);
}

export async function releaseStock(orderId: string): Promise<void> {
  reservations.delete(orderId);
}

/**
 * Every card is charged at once, except:
 * - `card-declined` fails for good,
 * - `card-flaky` fails at the first two attempts,
 * - `card-pending` blocks: the activity stays open until the bank confirms the charge with an
 *   asynchronous completion (`client.activity.complete`), and holds no worker while it waits.
 *
 * Returns the ID of the charge.
 */
export async function chargeCard(orderId: string, card: string, amount: number): Promise<string> {
  if (card === 'card-declined') {
    throw ApplicationFailure.nonRetryable('The card was declined', 'CardDeclined');
  }
  if (card === 'card-flaky' && activityInfo().attempt <= 2) {
    throw ApplicationFailure.retryable('The bank did not answer', 'BankUnavailable');
  }
  if (card === 'card-pending') {
    throw new CompleteAsyncError();
  }
  const chargeId = `charge-${orderId}`;
  charges.set(chargeId, amount);
  return chargeId;
}

export async function refundCard(chargeId: string): Promise<void> {
  charges.delete(chargeId);
}

/** Returns the tracking number. */
export async function shipParcel(
  orderId: string,
  items: Item[],
  address: Address,
): Promise<string> {
  const pieces = items.reduce((sum, item) => sum + item.quantity, 0);
  const trackingNumber = `parcel-${orderId}-${pieces}`;
  parcels.set(trackingNumber, address);
  return trackingNumber;
}

export async function sendReceipt(orderId: string, amount: number): Promise<void> {
  letters.push(`Receipt for order ${orderId}: ${amount}`);
}

export async function recordPurchase(customerId: string, orderId: string): Promise<void> {
  letters.push(`Thank you, ${customerId}, for order ${orderId}`);
}

export async function sendStatement(customerId: string, total: number): Promise<void> {
  letters.push(`Statement for customer ${customerId}: ${total}`);
}

export async function sendReminder(customerId: string, text: string): Promise<void> {
  letters.push(`Reminder for customer ${customerId}: ${text}`);
}
