import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { AccountBalance, Address, OrderStatus, Purchase, ShipmentStatus } from './types';

export const approve = defineSignal('approve');
export const changeAddress = defineUpdate<Address, [Address]>('changeAddress');
export const orderStatus = defineQuery<OrderStatus>('status');

export const delivered = defineSignal('delivered');
export const shipmentStatus = defineQuery<ShipmentStatus>('status');

export const purchase = defineSignal<[Purchase]>('purchase');
export const balance = defineQuery<AccountBalance>('balance');

export const remindersSent = defineQuery<number>('remindersSent');
