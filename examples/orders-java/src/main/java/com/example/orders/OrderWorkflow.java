package com.example.orders;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

@WorkflowInterface
public interface OrderWorkflow {
  @WorkflowMethod(name = "order")
  OrderResult run(OrderInput order);

  @SignalMethod
  void approve();

  @QueryMethod
  String status();

  /** Returns the address that it replaces. */
  @UpdateMethod
  Address changeAddress(Address address);
}
