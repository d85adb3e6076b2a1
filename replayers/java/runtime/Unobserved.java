package temporalreplaygate;

import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Promise;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.Set;

/**
 * Errors of branches that run beside the rest, as with {@code Async.procedure}. Such an error waits in its promise
 * until the code asks for it; if the replay ends before, only what the branch no longer does is seen. The SDK keeps
 * these promises in a set, in order to log them.
 */
final class Unobserved {
  private Unobserved() {}

  /** @param context of the SDK, for one workflow */
  static void watch(Object context, Recording recording) {
    try {
      Method getter = context.getClass().getMethod("getRunner");
      getter.setAccessible(true);
      Object runner = getter.invoke(context);
      Field failed = runner.getClass().getDeclaredField("failedPromises");
      failed.setAccessible(true);
      failed.set(runner, new Watched((Set<?>) failed.get(runner), recording));
    } catch (ReflectiveOperationException | RuntimeException | LinkageError error) {
      // Another release keeps them elsewhere: then the difference itself has to do.
    }
  }

  private static final class Watched extends HashSet<Object> {
    private static final long serialVersionUID = 1L;

    private final transient Recording recording;

    Watched(Set<?> before, Recording recording) {
      super(before);
      this.recording = recording;
    }

    @Override
    public boolean add(Object promise) {
      if (promise instanceof Promise<?>) note((Promise<?>) promise);
      return super.add(promise);
    }

    private void note(Promise<?> promise) {
      if (WorkflowThreads.isBeingClosed()) return;
      Throwable failure = RecordingInterceptor.unwrapped(promise.getFailure());
      // What an activity or a timer ends with is what history holds.
      if (failure instanceof TemporalFailure && !(failure instanceof ApplicationFailure)) return;
      Place place = Place.in(failure.getStackTrace());
      if (place.isKnown()) recording.endedBy(promise, failure.toString(), place);
    }

    @Override
    public boolean remove(Object promise) {
      // At the end of a replay the SDK itself asks for all that are left, and not on a thread of the workflow.
      if (WorkflowThreads.isCurrent()) recording.observed(promise);
      return super.remove(promise);
    }
  }
}
