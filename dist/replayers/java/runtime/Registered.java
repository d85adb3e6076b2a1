package temporalreplaygate;

import io.temporal.worker.Worker;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What is registered on a worker, for which the SDK has no public method. */
final class Registered {
  final Set<String> types = new TreeSet<>();
  final boolean isDynamic;

  private Registered(Map<?, ?> definitions, boolean isDynamic) {
    for (Object type : definitions.keySet()) types.add(String.valueOf(type));
    this.isDynamic = isDynamic;
  }

  /** Null where this release of the SDK keeps it elsewhere: then it cannot be told. */
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

  private static Object field(Object of, String name) throws ReflectiveOperationException {
    Field field = of.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(of);
  }
}
