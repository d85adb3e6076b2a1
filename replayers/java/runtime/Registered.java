package temporalreplaygate;

import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.worker.Worker;
import io.temporal.workflow.Functions;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What is registered on a worker. The SDK has no public method for it. */
final class Registered {
  final Set<String> types = new TreeSet<>();
  final boolean isDynamic;
  private final Map<?, ?> definitions;

  private Registered(Map<?, ?> definitions, boolean isDynamic) {
    for (Object type : definitions.keySet()) types.add(String.valueOf(type));
    this.definitions = definitions;
    this.isDynamic = isDynamic;
  }

  /** Null where this release of the SDK keeps it elsewhere. */
  static Registered on(Worker worker) {
    try {
      Object factory = field(field(worker, "workflowWorker"), "factory");
      return new Registered(
          (Map<?, ?>) field(factory, "workflowDefinitions"),
          field(factory, "dynamicWorkflowImplementationFactory") != null);
    } catch (ReflectiveOperationException | RuntimeException error) {
      return null;
    }
  }

  /** Whether the method of this workflow type is void; null where that is unknown. */
  Boolean returnsNothing(String type) {
    // A dynamic workflow always returns a value.
    if (definitions.get(type) == null) return isDynamic ? false : null;
    Method method = workflowMethod(type);
    return method == null ? null : method.getReturnType() == void.class;
  }

  /** The method of this workflow type, as the interface declares it; null where that is unknown. */
  Method workflowMethod(String type) {
    try {
      Object method = field(made(definitions.get(type)), "workflowMethod");
      if (!(method instanceof Method)) method = method.getClass().getMethod("getWorkflowMethod").invoke(method);
      return (Method) method;
    } catch (ReflectiveOperationException | RuntimeException error) {
      return null;
    }
  }

  /** The class that implements this workflow type; null where it is unknown. */
  Class<?> implementation(String type) {
    try {
      return (Class<?>) field(made(definitions.get(type)), "workflowImplementationClass");
    } catch (ReflectiveOperationException | RuntimeException error) {
      return null;
    }
  }

  /** What the SDK makes of the definition for an execution. That runs no code of the workflow. */
  @SuppressWarnings("unchecked")
  private static Object made(Object definition) {
    return ((Functions.Func1<WorkflowExecution, Object>) definition).apply(WorkflowExecution.getDefaultInstance());
  }

  private static Object field(Object of, String name) throws ReflectiveOperationException {
    Field field = of.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(of);
  }
}
