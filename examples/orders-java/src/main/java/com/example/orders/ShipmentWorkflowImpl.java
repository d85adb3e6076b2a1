package com.example.orders;

import io.temporal.workflow.Workflow;

/** The child of an order: packs the parcel, hands it to the carrier, and waits until it is delivered. */
public final class ShipmentWorkflowImpl implements ShipmentWorkflow {
  private final Activities activities = Stubs.activities();
  private boolean isDelivered;

  @Override
  public ShipmentResult run(ShipmentInput shipment) {
    Workflow.sleep(shipment.packingTime());
    String trackingNumber =
        activities.shipParcel(shipment.orderId(), shipment.items(), shipment.address());
    return new ShipmentResult(
        trackingNumber, Workflow.await(shipment.deliveryTimeout(), () -> isDelivered));
  }

  @Override
  public void delivered() {
    isDelivered = true;
  }
}
