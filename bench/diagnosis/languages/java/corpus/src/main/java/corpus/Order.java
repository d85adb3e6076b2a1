package corpus;

import io.temporal.activity.ActivityOptions;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;

/** Activities one after the other, a version, a local activity, a timer, and three waits for signals. */
@WorkflowInterface
public interface Order {
  @WorkflowMethod(name = "order")
  String run(Input input);

  @SignalMethod
  void approve(String by);

  @SignalMethod
  void pay(int amount);

  @SignalMethod
  void deliver();

  class Input {
    public String orderId;
    public int amount;
  }

  class Impl implements Order {
    private final Activities activities =
        Workflow.newActivityStub(
            Activities.class,
            ActivityOptions.newBuilder().setStartToCloseTimeout(Duration.ofSeconds(10)).build());
    private final Activities local =
        Workflow.newLocalActivityStub(
            Activities.class,
            LocalActivityOptions.newBuilder().setStartToCloseTimeout(Duration.ofSeconds(5)).build());
    private String approvedBy = "";
    private int paid;
    private boolean delivered;

    @Override
    public String run(Input input) {
      String reservation = activities.reserve(input.orderId);
      activities.tell("reserved");
      Workflow.await(() -> !approvedBy.isEmpty());
      int version = Workflow.getVersion("check-fraud", Workflow.DEFAULT_VERSION, 1);
      if (version == 1) {
        activities.checkFraud(input.orderId);
      }
      Workflow.sleep(Duration.ofMillis(30));
      String receipt = local.draw(input.orderId);
      activities.tell("approved");
      Workflow.await(() -> paid >= input.amount);
      activities.charge(reservation);
      Workflow.sleep(20);
      activities.ship(input.orderId);
      Workflow.await(() -> delivered);
      activities.tell(receipt);
      return receipt;
    }

    @Override
    public void approve(String by) {
      approvedBy = by;
    }

    @Override
    public void pay(int amount) {
      paid += amount;
    }

    @Override
    public void deliver() {
      delivered = true;
    }
  }
}
