package com.example.orders;

import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.EventType;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Starts executions that stop in different states; the argument is how many of each. */
public final class OrdersStarter {
  private static final Duration SOON = Duration.ofMillis(50);

  private final WorkflowClient client = Connection.connect();

  public static void main(String[] args) throws InterruptedException {
    OrdersStarter starter = new OrdersStarter();
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 1;
    for (int number = 0; number < count; number++) starter.startOneOfEach();
    System.exit(0);
  }

  private void startOneOfEach() throws InterruptedException {
    start("order-waiting-for-approval", "order", order(5_000, "card-valid"), EventType.EVENT_TYPE_TIMER_STARTED, 1);
    start("order-charging", "order", order(100, "card-pending"), EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED, 2);
    start("order-packing", "order", order(100, "card-valid"), EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED, 1);
    start("order-completed", "order", quickOrder(100), EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED, 1);
    start("order-expired", "order", quickOrder(5_000), EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED, 1);
    start("order-failed", "order", order(100, "card-declined"), EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED, 1);
    ReminderInput reminder =
        new ReminderInput("ada", "Your basket is waiting", List.of(SOON, Duration.ofHours(1)));
    start("reminder-sleeping", "reminder", reminder, EventType.EVENT_TYPE_TIMER_STARTED, 2);
  }

  /** Starts an execution and waits until its history has an event of this type so many times. */
  private void start(String state, String workflowType, Object input, EventType until, int times)
      throws InterruptedException {
    WorkflowExecution execution =
        client
            .newUntypedWorkflowStub(
                workflowType,
                WorkflowOptions.newBuilder()
                    .setWorkflowId(state + "-" + UUID.randomUUID())
                    .setTaskQueue(Connection.taskQueue())
                    .build())
            .start(input);
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (seen(execution, until) < times) {
      if (System.nanoTime() > deadline) throw new IllegalStateException(state + " was not reached");
      Thread.sleep(100);
    }
    System.out.printf(
        "{\"state\":\"%s\",\"workflowType\":\"%s\",\"workflowId\":\"%s\",\"runId\":\"%s\"}%n",
        state, workflowType, execution.getWorkflowId(), execution.getRunId());
  }

  private long seen(WorkflowExecution execution, EventType type) {
    return client.fetchHistory(execution.getWorkflowId(), execution.getRunId()).getEvents().stream()
        .filter(event -> event.getEventType() == type)
        .count();
  }

  private static OrderInput order(int amount, String card) {
    return order(amount, card, Duration.ofDays(7), Duration.ofHours(2), Duration.ofDays(14));
  }

  private static OrderInput quickOrder(int amount) {
    return order(amount, "card-valid", SOON, SOON, SOON);
  }

  private static OrderInput order(
      int amount, String card, Duration approvalTimeout, Duration packingTime, Duration deliveryTimeout) {
    return new OrderInput(
        UUID.randomUUID().toString(),
        List.of(new Item("lamp", 2)),
        amount,
        card,
        new Address("Ada", "Main Street 1", "Springfield"),
        approvalTimeout,
        packingTime,
        deliveryTimeout);
  }
}
