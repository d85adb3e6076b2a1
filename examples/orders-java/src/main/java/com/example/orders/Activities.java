package com.example.orders;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import java.util.List;

@ActivityInterface
public interface Activities {
  @ActivityMethod(name = "reserveStock")
  void reserveStock(String orderId, List<Item> items);

  @ActivityMethod(name = "releaseStock")
  void releaseStock(String orderId);

  @ActivityMethod(name = "chargeCard")
  String chargeCard(String orderId, String card, int amount);

  @ActivityMethod(name = "refundCard")
  void refundCard(String chargeId);

  @ActivityMethod(name = "shipParcel")
  String shipParcel(String orderId, List<Item> items, Address address);

  @ActivityMethod(name = "sendReceipt")
  void sendReceipt(String orderId, int amount);

  @ActivityMethod(name = "sendReminder")
  void sendReminder(String customerId, String text);
}
