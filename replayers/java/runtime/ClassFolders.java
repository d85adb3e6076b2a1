package temporalreplaygate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The folders into which the application's own code is compiled. */
final class ClassFolders {
  /** Where Maven, Gradle and editors compile the sources of tests to. */
  private static final Pattern TESTS =
      Pattern.compile("[/\\\\](?:test-classes|tests?|testFixtures|[^/\\\\]*Test|(?:out|bin)[/\\\\]test[/\\\\][^/\\\\]+)[/\\\\]?$");

  /** The protocol takes no more. */
  private static final int MAX_SOURCES = 10_000;

  /** Names of classes, with their class files, in the order of the names. */
  private final Map<String, Path> files = new TreeMap<>();

  /** Those that are compiled from the sources of tests. */
  private final Set<String> testClasses = new TreeSet<>();

  ClassFolders(List<String> folders) {
    for (String folder : folders) {
      if (!folder.isEmpty()) add(Paths.get(folder));
    }
    // Then it is only a name.
    if (testClasses.size() == files.size()) testClasses.clear();
  }

  private void add(Path folder) {
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path file : found.filter(path -> path.toString().endsWith(".class")).collect(Collectors.toList())) {
        String relative = folder.relativize(file).toString().replace('\\', '/');
        if (relative.endsWith("module-info.class") || relative.startsWith("META-INF/")) continue;
        String name = relative.substring(0, relative.length() - ".class".length()).replace('/', '.');
        if (files.putIfAbsent(name, file) == null && TESTS.matcher(folder.toString()).find()) testClasses.add(name);
      }
    } catch (IOException error) {
      throw new Fatal("the compiled classes in " + folder + " cannot be read: " + error, null);
    }
  }

  boolean has(String className) {
    return files.containsKey(className);
  }

  /** Null where there is no such class. */
  Path file(String className) {
    return files.get(className);
  }

  /** Of the code that a worker runs. */
  List<String> mainClasses() {
    List<String> names = new ArrayList<>(files.keySet());
    names.removeAll(testClasses);
    return names;
  }

  Set<String> testClasses() {
    return testClasses;
  }

  boolean mentionsWorkflows(String className) {
    Path file = files.get(className);
    return file != null && mentionsWorkflows(file);
  }

  /** Absolute path of a class's source, or null where it is not known. */
  String source(String className) {
    Path file = files.get(className);
    return file == null ? null : Sources.of(className, ClassFile.sourceFile(file));
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
      String path = source(entry.getKey());
      if (path != null) found.add(path);
    }
    return found.stream().limit(MAX_SOURCES).collect(Collectors.toList());
  }

  /**
   * Where chance can differ in what the classes hold: an enum has one hash code in a process, and other objects have one
   * in a replay.
   */
  String chance() {
    boolean hashes = false;
    boolean hasEnum = false;
    for (Path file : files.values()) {
      String constants = textOf(file);
      hasEnum |= constants.contains("java/lang/Enum");
      for (String hashing : HASHING) hashes |= constants.contains(hashing);
    }
    return !hashes ? "none" : hasEnum ? "process" : "replay";
  }

  /** In the constants of a class that uses what has no order. */
  private static final String[] HASHING = {
    "java/util/Hash", "java/util/IdentityHashMap", "java/util/WeakHashMap", "java/util/concurrent/Concurrent",
    ")Ljava/util/Set;", ")Ljava/util/Map;", "java/util/stream/Collectors", "arallel", "identityHashCode", "hashCode",
  };

  private static boolean mentionsWorkflows(Path file) {
    return textOf(file).contains("io/temporal/workflow/");
  }

  private static String textOf(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException error) {
      return "";
    }
  }
}
