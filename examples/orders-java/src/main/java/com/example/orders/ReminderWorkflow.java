package com.example.orders;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

@WorkflowInterface
public interface ReminderWorkflow {
  @WorkflowMethod(name = "reminder")
  void run(ReminderInput reminder);
}
