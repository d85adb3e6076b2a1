package temporalreplaygate;

import java.lang.reflect.Method;
import java.util.Optional;

/** What the SDK knows about the current thread. It has no public method for it. */
final class WorkflowThreads {
  private WorkflowThreads() {}

  /** Whether this thread runs code of a workflow. False where it is unknown. */
  static boolean isCurrent() {
    try {
      return current().isPresent() && !isBeingClosed();
    } catch (ReflectiveOperationException | RuntimeException | LinkageError error) {
      return false;
    }
  }

  private static Optional<?> current() throws ReflectiveOperationException {
    Class<?> runner = Class.forName("io.temporal.internal.sync.DeterministicRunnerImpl");
    Method current = runner.getDeclaredMethod("currentThreadInternalIfPresent");
    current.setAccessible(true);
    return (Optional<?>) current.invoke(null);
  }

  /**
   * Whether the SDK is ending this thread. It ends workflows that still wait when a replay is over, and what their
   * {@code finally} blocks then do belongs to no Workflow Task. False where it is unknown.
   */
  static boolean isBeingClosed() {
    try {
      Optional<?> thread = current();
      if (!thread.isPresent()) return false;
      Method contextOf = Class.forName("io.temporal.internal.sync.WorkflowThread").getMethod("getWorkflowThreadContext");
      contextOf.setAccessible(true);
      Object context = contextOf.invoke(thread.get());
      Method isDestroyRequested = context.getClass().getMethod("isDestroyRequested");
      isDestroyRequested.setAccessible(true);
      return Boolean.TRUE.equals(isDestroyRequested.invoke(context));
    } catch (ReflectiveOperationException | RuntimeException | LinkageError error) {
      return false;
    }
  }
}
