package temporalreplaygate;

import io.temporal.common.metadata.POJOWorkflowImplMetadata;
import io.temporal.common.metadata.POJOWorkflowMethodMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the annotated methods stand that take signals and updates. No line of the application's registers them, so no
 * stack shows it: the class file tells of each method on which line its first statement stands.
 */
final class HandlerPlaces {
  private final Map<String, Place> known = new ConcurrentHashMap<>();
  private volatile Registered registered;

  /** @param registered null where it cannot be told */
  void know(Registered registered) {
    this.registered = registered;
  }

  /**
   * @param kind {@code signal} or {@code update}
   * @param name of the signal or the update
   */
  Place of(String workflowType, String kind, String name) {
    return known.computeIfAbsent(workflowType + "\n" + kind + "\n" + name, key -> find(workflowType, kind, name));
  }

  private Place find(String workflowType, String kind, String name) {
    Class<?> implementation = registered == null ? null : registered.implementation(workflowType);
    if (implementation == null) return Place.NOWHERE;
    try {
      POJOWorkflowImplMetadata metadata = POJOWorkflowImplMetadata.newInstance(implementation);
      List<POJOWorkflowMethodMetadata> methods =
          kind.equals("signal") ? metadata.getSignalMethods() : metadata.getUpdateMethods();
      for (POJOWorkflowMethodMetadata method : methods) {
        if (method.getName().equals(name)) return placeOf(implementing(implementation, method.getWorkflowMethod()));
      }
    } catch (ReflectiveOperationException | IOException | RuntimeException | LinkageError error) {
      // It is only a place: without it the finding stands at the line before.
    }
    return Place.NOWHERE;
  }

  /** Of two that a compiler makes of one where an interface is generic, the one with the code. */
  private static Method implementing(Class<?> implementation, Method declared) throws NoSuchMethodException {
    for (Method method : implementation.getMethods()) {
      boolean isSame =
          method.getName().equals(declared.getName()) && method.getParameterCount() == declared.getParameterCount();
      if (isSame && !method.isBridge()) return method;
    }
    return implementation.getMethod(declared.getName(), declared.getParameterTypes());
  }

  private static Place placeOf(Method method) throws IOException {
    Class<?> owner = method.getDeclaringClass();
    String resource = "/" + owner.getName().replace('.', '/') + ".class";
    try (InputStream file = owner.getResourceAsStream(resource)) {
      if (file == null) return Place.NOWHERE;
      ClassFile read = ClassFile.read(file);
      int line = read.firstLine(method.getName(), method.getParameterCount());
      return Place.ofMethod(owner.getName(), read.sourceFile(), line, method.getName());
    }
  }
}
