package com.example.orders;

import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Saga;
import io.temporal.workflow.Workflow;

/**
 * Reserves stock, waits for an approval when the order is large, charges the card, has the parcel shipped and sends a
 * receipt. When it fails or is cancelled, it gives back the money and the stock.
 */
public final class OrderWorkflowImpl implements OrderWorkflow {
  /** The largest amount that needs no approval. */
  static final int APPROVAL_LIMIT = 1_000;

  private final Activities activities = Stubs.activities();
  private final Saga compensations = new Saga(new Saga.Options.Builder().build());
  private String status = "reserving-stock";
  private Address address;
  private boolean isApproved;

  @Override
  public OrderResult run(OrderInput order) {
    if (address == null) address = order.address();
    try {
      return fulfil(order);
    } catch (TemporalFailure failure) {
      status = "compensating";
      compensate();
      throw failure;
    }
  }

  private OrderResult fulfil(OrderInput order) {
    activities.reserveStock(order.orderId(), order.items());
    compensations.addCompensation(activities::releaseStock, order.orderId());

    if (order.amount() > APPROVAL_LIMIT) {
      status = "waiting-for-approval";
      if (!Workflow.await(order.approvalTimeout(), () -> isApproved)) {
        status = "expired";
        compensate();
        return new OrderResult("expired", null, null);
      }
    }

    status = "charging";
    String chargeId = activities.chargeCard(order.orderId(), order.card(), order.amount());
    compensations.addCompensation(activities::refundCard, chargeId);

    status = "shipping";
    ShipmentResult shipment =
        Workflow.newChildWorkflowStub(
                ShipmentWorkflow.class,
                ChildWorkflowOptions.newBuilder()
                    .setWorkflowId(Workflow.getInfo().getWorkflowId() + "-shipment")
                    .build())
            .run(
                new ShipmentInput(
                    order.orderId(), order.items(), address, order.packingTime(), order.deliveryTimeout()));

    activities.sendReceipt(order.orderId(), order.amount());
    status = "completed";
    return new OrderResult("completed", chargeId, shipment.trackingNumber());
  }

  /** Also for a cancelled order: that must give back the money and the stock all the same. */
  private void compensate() {
    Workflow.newDetachedCancellationScope(compensations::compensate).run();
  }

  @Override
  public void approve() {
    isApproved = true;
  }

  @Override
  public String status() {
    return status;
  }

  @Override
  public Address changeAddress(Address changed) {
    Address previous = address;
    address = changed;
    return previous;
  }
}
