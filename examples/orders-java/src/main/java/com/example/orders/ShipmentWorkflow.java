package com.example.orders;

import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

@WorkflowInterface
public interface ShipmentWorkflow {
  @WorkflowMethod(name = "shipment")
  ShipmentResult run(ShipmentInput shipment);

  @SignalMethod
  void delivered();
}
