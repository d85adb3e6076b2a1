package corpus;

import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.common.SearchAttributeKey;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.Collections;

/** Updates with a validator, a side effect, a time-out, a child, search attributes, a failure, and a new run. */
@WorkflowInterface
public interface Account {
  @WorkflowMethod(name = "account")
  void run(Input input);

  @UpdateMethod
  int deposit(int amount);

  @UpdateValidatorMethod(updateName = "deposit")
  void checkDeposit(int amount);

  @UpdateMethod
  String changeOwner(String name);

  @SignalMethod
  void confirm();

  @SignalMethod
  void close();

  class Input {
    public String owner;
    public int year;
  }

  @WorkflowInterface
  interface Statement {
    @WorkflowMethod(name = "statement")
    String run(String owner);
  }

  class StatementImpl implements Statement {
    @Override
    public String run(String owner) {
      return "statement of " + owner;
    }
  }

  class Impl implements Account {
    private static final SearchAttributeKey<String> CUSTOMER =
        SearchAttributeKey.forKeyword("Customer");
    private final Activities activities =
        Workflow.newActivityStub(
            Activities.class,
            ActivityOptions.newBuilder()
                .setStartToCloseTimeout(Duration.ofSeconds(10))
                .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(2).build())
                .build());
    private int balance;
    private String owner = "";
    private boolean confirmed;
    private boolean closed;

    @Override
    public void run(Input input) {
      owner = input.owner;
      Workflow.upsertTypedSearchAttributes(CUSTOMER.valueSet(input.owner));
      Workflow.await(() -> balance > 0);
      activities.tell("first deposit");
      Workflow.await(() -> !owner.equals(input.owner));
      Workflow.upsertMemo(Collections.singletonMap("owner", owner));
      int fee = Workflow.sideEffect(Integer.class, () -> 3);
      Statement statement =
          Workflow.newChildWorkflowStub(
              Statement.class,
              ChildWorkflowOptions.newBuilder()
                  .setWorkflowId(Workflow.getInfo().getWorkflowId() + "-statement")
                  .build());
      statement.run(owner);
      try {
        activities.refuse("credit");
      } catch (ActivityFailure failure) {
        activities.store("no credit");
      }
      if (!Workflow.await(Duration.ofHours(1), () -> confirmed)) {
        activities.tell("too late");
      }
      for (int month = 1; month <= 3; month += 1) {
        activities.audit("month " + month);
        if (month == 2) {
          Workflow.sleep(20);
        }
      }
      Workflow.await(() -> closed);
      activities.charge("fee of " + fee);
      if (input.year < 2) {
        Input next = new Input();
        next.owner = owner;
        next.year = input.year + 1;
        Workflow.continueAsNew(next);
      }
    }

    @Override
    public int deposit(int amount) {
      activities.charge("" + amount);
      balance += amount;
      return balance;
    }

    @Override
    public void checkDeposit(int amount) {
      if (amount <= 0) {
        throw new IllegalArgumentException("a deposit is more than nothing");
      }
    }

    @Override
    public String changeOwner(String name) {
      owner = name;
      return owner;
    }

    @Override
    public void confirm() {
      confirmed = true;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
