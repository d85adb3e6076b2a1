import type { Duration } from '@temporalio/common';

export interface Address {
  name: string;
  street: string;
  city: string;
}

export interface Item {
  sku: string;
  quantity: number;
}

export interface OrderInput {
  orderId: string;
  items: Item[];
  /** In whole currency units. An order above the approval limit waits for an `approve` signal. */
  amount: number;
  /** Token of the card to charge; `activities.ts` lists those that do not simply succeed. */
  card: string;
  address: Address;
  /** How long an order waits for its approval before it expires. */
  approvalTimeout?: Duration;
  /** How long the warehouse takes to pack the parcel. */
  packingTime?: Duration;
  /** How long a parcel may be in transit before it counts as delivered without a confirmation. */
  deliveryTimeout?: Duration;
}

export type OrderStatus =
  | 'reserving-stock'
  | 'waiting-for-approval'
  | 'charging'
  | 'shipping'
  | 'compensating'
  | 'completed'
  | 'expired';

export type OrderResult =
  { outcome: 'completed'; chargeId: string; trackingNumber: string } | { outcome: 'expired' };

export interface ShipmentInput {
  orderId: string;
  items: Item[];
  address: Address;
  packingTime: Duration;
  deliveryTimeout: Duration;
}

export type ShipmentStatus = 'packing' | 'handing-over' | 'in-transit' | 'delivered';

export interface ShipmentResult {
  trackingNumber: string;
  /** False when the delivery time-out passed without a `delivered` signal. */
  isConfirmed: boolean;
}

export interface Purchase {
  orderId: string;
  amount: number;
}

export interface CustomerAccountInput {
  customerId: string;
  /** The account continues as new after this many purchases, to keep its Event History short. */
  purchasesPerRun?: number;
  /** Carried from one run to the next. */
  balance?: AccountBalance;
  /** Purchases that arrived while the previous run was finishing. */
  unhandled?: Purchase[];
}

export interface AccountBalance {
  purchases: number;
  total: number;
}

export interface ReminderInput {
  customerId: string;
  text: string;
  /** How long to wait before each reminder; there are as many reminders as intervals. */
  intervals: Duration[];
}
