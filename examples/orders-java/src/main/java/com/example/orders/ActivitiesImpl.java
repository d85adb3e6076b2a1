package com.example.orders;

import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.failure.ApplicationFailure;
import java.util.List;

/**
 * Stand-ins for a warehouse, a bank, a carrier and a mail service. Every result follows from the arguments and the
 * attempt alone, so that two workers, or a restarted one, agree.
 */
public final class ActivitiesImpl implements Activities {
  /** Fails for good for the SKU "out-of-stock". */
  @Override
  public void reserveStock(String orderId, List<Item> items) {
    if (items.stream().anyMatch(item -> item.sku().equals("out-of-stock"))) {
      throw ApplicationFailure.newNonRetryableFailure("An item is out of stock", "OutOfStock");
    }
  }

  @Override
  public void releaseStock(String orderId) {}

  /**
   * Charges every card at once and returns the ID of the charge, except: "card-declined" fails for good, "card-flaky"
   * fails at the first two attempts, "card-pending" stays open until the bank confirms the charge.
   */
  @Override
  public String chargeCard(String orderId, String card, int amount) {
    ActivityExecutionContext context = Activity.getExecutionContext();
    if (card.equals("card-declined")) {
      throw ApplicationFailure.newNonRetryableFailure("The card was declined", "CardDeclined");
    }
    if (card.equals("card-flaky") && context.getInfo().getAttempt() <= 2) {
      throw ApplicationFailure.newFailure("The bank did not answer", "BankUnavailable");
    }
    if (card.equals("card-pending")) {
      context.doNotCompleteOnReturn();
      return null;
    }
    return "charge-" + orderId;
  }

  @Override
  public void refundCard(String chargeId) {}

  /** Returns the tracking number. */
  @Override
  public String shipParcel(String orderId, List<Item> items, Address address) {
    return "parcel-" + orderId + "-" + items.stream().mapToInt(Item::quantity).sum();
  }

  @Override
  public void sendReceipt(String orderId, int amount) {}

  @Override
  public void sendReminder(String customerId, String text) {}
}
