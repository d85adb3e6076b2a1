package temporalreplaygate;

import io.temporal.workflow.WorkflowInterface;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The folders into which the application's own code is compiled. */
final class ClassFolders {
  /** The protocol takes no more. */
  private static final int MAX_SOURCES = 10_000;

  /** Names of classes, with their class files, in the order of the names. */
  private final Map<String, Path> files = new TreeMap<>();

  ClassFolders(List<String> folders) {
    for (String folder : folders) {
      if (!folder.isEmpty()) add(Paths.get(folder));
    }
  }

  private void add(Path folder) {
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path file : found.filter(path -> path.toString().endsWith(".class")).collect(Collectors.toList())) {
        String relative = folder.relativize(file).toString().replace('\\', '/');
        if (relative.endsWith("module-info.class") || relative.startsWith("META-INF/")) continue;
        String name = relative.substring(0, relative.length() - ".class".length()).replace('/', '.');
        files.putIfAbsent(name, file);
      }
    } catch (IOException error) {
      throw new Fatal("the compiled classes in " + folder + " cannot be read: " + error, null);
    }
  }

  boolean has(String className) {
    return files.containsKey(className);
  }

  /** Classes that a worker could register: concrete, with an interface that has the annotation. */
  List<Class<?>> implementations() {
    List<Class<?>> found = new ArrayList<>();
    for (String name : files.keySet()) {
      // Load the class without initialising it: only registered code may run.
      Class<?> candidate = loadOrNull(name);
      if (candidate != null && isImplementation(candidate)) found.add(candidate);
    }
    return found;
  }

  /** A class that is never used may refer to one that is not on the class path. */
  private static Class<?> loadOrNull(String name) {
    try {
      return Class.forName(name, false, ClassFolders.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError error) {
      return null;
    }
  }

  private static boolean isImplementation(Class<?> candidate) {
    try {
      boolean isConcrete =
          !candidate.isInterface()
              && !Modifier.isAbstract(candidate.getModifiers())
              && !candidate.isAnonymousClass()
              && !candidate.isSynthetic();
      return isConcrete && hasWorkflowInterface(candidate);
    } catch (LinkageError error) {
      return false;
    }
  }

  private static boolean hasWorkflowInterface(Class<?> type) {
    for (Class<?> at = type; at != null; at = at.getSuperclass()) {
      for (Class<?> implemented : at.getInterfaces()) {
        if (implemented.isAnnotationPresent(WorkflowInterface.class) || hasWorkflowInterface(implemented)) return true;
      }
    }
    return false;
  }

  /**
   * Classes without a source file, although there are source files. They were compiled before the source was deleted or
   * moved, so they are not the code under test.
   */
  List<String> withoutSource(Collection<Class<?>> classes) {
    List<String> stale = new ArrayList<>();
    for (Class<?> type : classes) {
      Path file = files.get(type.getName());
      String source = file == null ? null : ClassFile.sourceFile(file);
      if (source != null && Sources.areKnown() && !Sources.hasName(source)) stale.add(type.getName());
    }
    return stale;
  }

  /** Source files whose classes mention Temporal's workflow package. */
  List<String> workflowSources() {
    TreeSet<String> found = new TreeSet<>();
    for (Map.Entry<String, Path> entry : files.entrySet()) {
      if (!mentionsWorkflows(entry.getValue())) continue;
      String path = Sources.of(entry.getKey(), ClassFile.sourceFile(entry.getValue()));
      if (path != null) found.add(path);
    }
    return found.stream().limit(MAX_SOURCES).collect(Collectors.toList());
  }

  private static boolean mentionsWorkflows(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains("io/temporal/workflow/");
    } catch (IOException error) {
      return false;
    }
  }
}
