package corpus;

import io.temporal.activity.ActivityOptions;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;

/** Held out: see README.md. */
@WorkflowInterface
public interface Onboarding {
  @WorkflowMethod(name = "onboarding")
  String run(Input input);

  @SignalMethod(name = "signContract")
  void signContract(String kind);

  @SignalMethod(name = "handOver")
  void handOver();

  @SignalMethod
  void start();

  class Input {
    public String person;
    public boolean laptop;
  }

  @WorkflowInterface
  interface Desk {
    @WorkflowMethod(name = "prepareDesk")
    String run(String person);
  }

  class DeskImpl implements Desk {
    @Override
    public String run(String person) {
      return "desk of " + person;
    }
  }

  class Impl implements Onboarding {
    private final Activities activities =
        Workflow.newActivityStub(
            Activities.class,
            ActivityOptions.newBuilder().setStartToCloseTimeout(Duration.ofSeconds(10)).build());
    private final Activities local =
        Workflow.newLocalActivityStub(
            Activities.class,
            LocalActivityOptions.newBuilder().setStartToCloseTimeout(Duration.ofSeconds(5)).build());
    private String contract = "";
    private boolean equipped;
    private boolean started;

    @Override
    public String run(Input input) {
      CancellationScope reminder =
          Workflow.newCancellationScope(() -> Workflow.newTimer(Duration.ofDays(1)));
      reminder.run();
      Workflow.await(() -> !contract.isEmpty());
      reminder.cancel();
      String drawn = local.draw(contract);
      if (input.laptop) {
        activities.reserve("laptop");
      }
      Desk desk =
          Workflow.newChildWorkflowStub(
              Desk.class,
              ChildWorkflowOptions.newBuilder()
                  .setWorkflowId(Workflow.getInfo().getWorkflowId() + "-desk")
                  .build());
      Promise<String> prepared = Async.function(desk::run, input.person);
      prepared.get();
      int badge = Workflow.getVersion("badge", Workflow.DEFAULT_VERSION, 2);
      if (badge > 0) {
        makeBadge(drawn);
      }
      Workflow.await(Duration.ofHours(1), () -> equipped);
      Promise<Integer> size = Async.function(() -> activities.count(drawn));
      Promise<String> told = Async.function(() -> activities.tell("the team"));
      Promise.allOf(size, told).get();
      Workflow.sleep(20);
      activities.refund(told.get());
      Workflow.await(() -> started);
      activities.tell("" + size.get());
      return drawn;
    }

    private void makeBadge(String drawn) {
      activities.charge(drawn);
    }

    @Override
    public void signContract(String kind) {
      contract = kind;
    }

    @Override
    public void handOver() {
      activities.store("handed over");
      equipped = true;
    }

    @Override
    public void start() {
      started = true;
    }
  }
}
