import { condition, proxyActivities, setHandler, sleep } from '@temporalio/workflow';
import type * as activities from '../activities';
import { delivered, shipmentStatus } from './messages';
import type { ShipmentInput, ShipmentResult, ShipmentStatus } from './types';

const { shipParcel } = proxyActivities<typeof activities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '100 ms', maximumAttempts: 10 },
});

/** Child of an order: packs the parcel, hands it to the carrier, waits until it is delivered. */
export async function shipment(input: ShipmentInput): Promise<ShipmentResult> {
  let status: ShipmentStatus = 'packing';
  let isConfirmed = false;

  setHandler(shipmentStatus, () => status);
  setHandler(delivered, () => {
    isConfirmed = true;
  });

  await sleep(input.packingTime);

  status = 'handing-over';
  const trackingNumber = await shipParcel(input.orderId, input.items, input.address);

  status = 'in-transit';
  await condition(() => isConfirmed, input.deliveryTimeout);

  status = 'delivered';
  return { trackingNumber, isConfirmed };
}
