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
 * The places of annotated methods that take signals and updates. No line of the application registers them, so no
 * stack shows them. The class file has the line of each method's first statement.
 */
final class HandlerPlaces {
  private final Map<String, Place> known = new ConcurrentHashMap<>();
  private volatile Registered registered;

  /** @param registered null where it is unknown */
  void know(Registered registered) {
    this.registered = registered;
  }

  /**
   * @param kind {@code signal} or {@code update}
   * @param name of the signal or update
   */
  Place of(String workflowType, String kind, String name) {
    return known.computeIfAbsent(workflowType + "\n" + kind + "\n" + name, key -> find(workflowType, kind, name));
  }

  /** Where the method of a workflow type is declared. */
  Place ofWorkflow(String workflowType) {
    return known.computeIfAbsent(workflowType, this::findWorkflow);
  }

  private Place findWorkflow(String workflowType) {
    Class<?> implementation = registered == null ? null : registered.implementation(workflowType);
    Method declared = registered == null ? null : registered.workflowMethod(workflowType);
    if (implementation == null || declared == null) return Place.NOWHERE;
    try {
      return placeOf(implementing(implementation, declared));
    } catch (ReflectiveOperationException | IOException | RuntimeException | LinkageError error) {
      // Without this place, the finding gets the line before.
      return Place.NOWHERE;
    }
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
      // Without this place, the finding gets the line before.
    }
    return Place.NOWHERE;
  }

  /** For a generic interface the compiler makes two methods of one. This is the one with the code. */
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
