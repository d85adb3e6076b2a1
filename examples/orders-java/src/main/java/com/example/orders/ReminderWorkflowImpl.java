package com.example.orders;

import io.temporal.workflow.Workflow;
import java.time.Duration;

/** Reminds a customer several times, usually at growing intervals. */
public final class ReminderWorkflowImpl implements ReminderWorkflow {
  private final Activities activities = Stubs.activities();

  @Override
  public void run(ReminderInput reminder) {
    for (Duration interval : reminder.intervals()) {
      Workflow.sleep(interval);
      activities.sendReminder(reminder.customerId(), reminder.text());
    }
  }
}
