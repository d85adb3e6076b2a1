package corpus;

import io.temporal.activity.ActivityOptions;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Everything at the same time: promises, lambdas, and what follows when one is done. */
@WorkflowInterface
public interface Summary {
  @WorkflowMethod(name = "summary")
  int run(Input input);

  @SignalMethod
  void request(String by);

  @SignalMethod
  void publish();

  @SignalMethod
  void finish();

  class Input {
    public String summaryId;
    public List<String> regions;
  }

  class Impl implements Summary {
    private final Activities activities =
        Workflow.newActivityStub(
            Activities.class,
            ActivityOptions.newBuilder().setStartToCloseTimeout(Duration.ofSeconds(10)).build());
    private String requestedBy = "";
    private boolean published;
    private boolean finished;

    @Override
    public int run(Input input) {
      Promise<Integer> orders = Async.function(activities::count, "orders of " + input.summaryId);
      Promise<String> refunds = Async.function(activities::store, "refunds of " + input.summaryId);
      Promise.allOf(orders, refunds).get();
      Workflow.await(() -> !requestedBy.isEmpty());
      List<Promise<String>> parts = new ArrayList<>();
      for (String region : input.regions) {
        parts.add(Async.function(() -> activities.draw(region)));
      }
      Promise.allOf(parts).get();
      Promise<Void> pause = Workflow.newTimer(Duration.ofMillis(20));
      Promise<String> told = Async.function(activities::tell, requestedBy);
      Promise.allOf(pause, told).get();
      Workflow.await(() -> published);
      Promise<String> stored = Async.function(() -> keep("the text"));
      Promise<Void> paused =
          Async.procedure(
              () -> {
                Workflow.sleep(20);
                activities.reserve("the printer");
              });
      Promise.allOf(stored, paused).get();
      activities.charge(input.summaryId);
      Workflow.await(() -> finished);
      String audited = activities.audit(refunds.get());
      activities.ship("the paper");
      return orders.get() + parts.size() + audited.length();
    }

    private String keep(String what) {
      return activities.store(what);
    }

    @Override
    public void request(String by) {
      requestedBy = by;
    }

    @Override
    public void publish() {
      published = true;
    }

    @Override
    public void finish() {
      finished = true;
    }
  }
}
