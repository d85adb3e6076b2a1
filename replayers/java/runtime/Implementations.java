package temporalreplaygate;

import io.temporal.workflow.DynamicWorkflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The classes of the application that a worker could register, and those of which that is not known. */
final class Implementations {
  /** The protocol takes no more. */
  private static final int MAX_SKIPPED = 1_000;

  private final List<Class<?>> found = new ArrayList<>();
  /** Why a class that may implement a workflow is not among them, by its name. */
  private final Map<String, String> skipped = new LinkedHashMap<>();
  private final ClassFolders folders;

  Implementations(ClassFolders folders) {
    this.folders = folders;
    for (String name : folders.mainClasses()) look(name);
  }

  private void look(String name) {
    try {
      // Load the class without initialising it: only registered code may run.
      Class<?> candidate = Class.forName(name, false, Implementations.class.getClassLoader());
      if (!isImplementation(candidate)) return;
      String problem = problemWithConstructor(candidate);
      if (problem == null) found.add(candidate);
      else skipped.put(name, problem);
    } catch (ClassNotFoundException | LinkageError error) {
      // A class that is never used may refer to one that is not on the class path.
      if (mayImplement(name, new HashSet<>())) skipped.put(name, whyNotLoaded(name, error));
    }
  }

  List<Class<?>> found() {
    return found;
  }

  Map<String, String> skipped() {
    return skipped;
  }

  /** In the words of the replayer protocol. */
  List<Map<String, String>> skippedSources() {
    List<Map<String, String>> told = new ArrayList<>();
    for (Map.Entry<String, String> entry : skipped.entrySet()) {
      if (told.size() == MAX_SKIPPED) break;
      Map<String, String> one = new LinkedHashMap<>();
      one.put("what", entry.getKey());
      one.put("why", entry.getValue());
      told.add(one);
    }
    return told;
  }

  /** Names of all of them, for a message. */
  List<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (Class<?> type : found) names.add(type.getName());
    names.addAll(skipped.keySet());
    return new ArrayList<>(names);
  }

  /** Names of classes in the sources of tests, which no worker runs. */
  List<String> inTests() {
    List<String> names = new ArrayList<>();
    for (String name : folders.testClasses()) {
      if (mayImplement(name, new HashSet<>())) names.add(name);
    }
    return names;
  }

  /** A concrete class with the method of a workflow, or one that takes every type. */
  static boolean isImplementation(Class<?> candidate) {
    boolean isConcrete =
        !candidate.isInterface()
            && !Modifier.isAbstract(candidate.getModifiers())
            && !candidate.isEnum()
            && !candidate.isAnonymousClass()
            && !candidate.isLocalClass()
            && !candidate.isSynthetic();
    if (!isConcrete) return false;
    return DynamicWorkflow.class.isAssignableFrom(candidate) || !workflowInterfaces(candidate).isEmpty();
  }

  /** Interfaces of a class that declare a workflow. Others with the annotation have only signals, updates and queries. */
  static List<Class<?>> workflowInterfaces(Class<?> type) {
    List<Class<?>> interfaces = new ArrayList<>();
    collect(type, interfaces);
    interfaces.removeIf(one -> !isWorkflowInterface(one));
    return interfaces;
  }

  private static void collect(Class<?> type, List<Class<?>> to) {
    for (Class<?> at = type; at != null; at = at.getSuperclass()) {
      for (Class<?> implemented : at.getInterfaces()) {
        if (!to.contains(implemented)) to.add(implemented);
        collect(implemented, to);
      }
    }
  }

  private static boolean isWorkflowInterface(Class<?> type) {
    if (!type.isAnnotationPresent(WorkflowInterface.class)) return false;
    for (Method method : type.getMethods()) {
      if (method.isAnnotationPresent(WorkflowMethod.class)) return true;
    }
    return false;
  }

  /** Why the SDK cannot make an instance of it; null where it can. */
  static String problemWithConstructor(Class<?> type) {
    if (type.isMemberClass() && !Modifier.isStatic(type.getModifiers())) {
      return "it is an inner class that is not static, which the SDK cannot make: make it static";
    }
    Class<?>[] wanted = null;
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (constructor.getParameterCount() == 0 || isInitializer(constructor)) return null;
      wanted = constructor.getParameterTypes();
    }
    if (wanted == null) return null;
    String arguments = Arrays.stream(wanted).map(Class::getSimpleName).collect(Collectors.joining(", "));
    List<Class<?>> interfaces = workflowInterfaces(type);
    String registered = interfaces.isEmpty() ? "io.temporal.workflow.DynamicWorkflow" : interfaces.get(0).getSimpleName();
    return "its constructor wants arguments ("
        + arguments
        + "), and only the application can make them: write a public static method, as in public static void "
        + "register(io.temporal.worker.Worker worker) { worker.registerWorkflowImplementationFactory("
        + registered
        + ".class, () -> new "
        + type.getSimpleName()
        + "("
        + arguments.replaceAll("\\w+", "\u2026")
        + ")); }, and name it in the input workflows, as in com.example.Workers#register";
  }

  /** {@code WorkflowInit}, which older releases of the SDK do not have. */
  private static boolean isInitializer(Constructor<?> constructor) {
    for (Annotation annotation : constructor.getAnnotations()) {
      if (annotation.annotationType().getName().equals("io.temporal.workflow.WorkflowInit")) return true;
    }
    return false;
  }

  /** Why a class cannot be loaded, in words that lead to a fix. */
  String whyNotLoaded(String name, Throwable error) {
    ClassFile file = folders.file(name) == null ? null : ClassFile.readOrNull(folders.file(name));
    if (error instanceof UnsupportedClassVersionError) {
      String needed = file == null || file.javaVersion() <= running() ? "a newer Java" : "Java " + file.javaVersion();
      return "it, or what it needs, is compiled for " + needed + ", and the java on PATH is Java " + running()
          + ": set up the Java that the application is compiled for";
    }
    if (error instanceof NoClassDefFoundError || error instanceof ClassNotFoundException) {
      return "it needs " + String.valueOf(error.getMessage()).replace('/', '.')
          + ", which is not on the class path of the module";
    }
    return "it cannot be loaded: " + error;
  }

  private static int running() {
    String version = System.getProperty("java.specification.version");
    return Integer.parseInt(version.startsWith("1.") ? version.substring(2) : version);
  }

  /** By the class files alone, because the class cannot be loaded. */
  private boolean mayImplement(String name, Set<String> seen) {
    ClassFile file = folders.file(name) == null ? null : ClassFile.readOrNull(folders.file(name));
    if (file == null || !file.isConcrete() || !seen.add(name)) return false;
    for (String parent : file.parents()) if (isWorkflow(parent, name, seen)) return true;
    return false;
  }

  /** @param name of the class in question */
  private boolean isWorkflow(String parent, String name, Set<String> seen) {
    if (parent.equals("io.temporal.workflow.DynamicWorkflow")) return true;
    try {
      Class<?> loaded = Class.forName(parent, false, Implementations.class.getClassLoader());
      return loaded.isAnnotationPresent(WorkflowInterface.class) || !workflowInterfaces(loaded).isEmpty();
    } catch (ClassNotFoundException | LinkageError error) {
      ClassFile file = folders.file(parent) == null ? null : ClassFile.readOrNull(folders.file(parent));
      // What is nowhere may be the interface of a workflow.
      if (file == null) return folders.mentionsWorkflows(name);
      if (folders.mentionsWorkflows(parent) && !file.isConcrete()) return true;
      for (String further : file.parents()) if (seen.add(further) && isWorkflow(further, name, seen)) return true;
      return false;
    }
  }

  /** Two classes for one workflow type: only the worker knows which of them it registers. */
  void refuseTwoOfOneType() {
    Map<String, List<Class<?>>> byType = new TreeMap<>();
    for (Class<?> type : found) {
      for (String name : WorkflowTypes.of(type)) byType.computeIfAbsent(name, key -> new ArrayList<>()).add(type);
    }
    for (Map.Entry<String, List<Class<?>>> entry : byType.entrySet()) {
      if (entry.getValue().size() < 2) continue;
      List<String> named = new ArrayList<>();
      for (Class<?> type : entry.getValue()) named.add(type.getName() + inFile(type));
      throw new Fatal(
          "several classes implement " + entry.getKey() + ": " + String.join(", ", named),
          "name the classes that the worker registers, and only those, in the input workflows: "
              + String.join(", ", withoutOthers(entry.getValue())));
    }
  }

  /** All names, with only the first of these. */
  private List<String> withoutOthers(List<Class<?>> same) {
    List<Class<?>> others = new ArrayList<>(found);
    others.removeAll(same.subList(1, same.size()));
    return others.stream().map(Class::getName).limit(10).collect(Collectors.toList());
  }

  private String inFile(Class<?> type) {
    String source = folders.source(type.getName());
    if (source == null) return "";
    String here = System.getProperty("user.dir") + "/";
    return " (" + (source.startsWith(here) ? source.substring(here.length()) : source) + ")";
  }

  /** Methods of the application that register workflows on a worker, as the input {@code workflows} names them. */
  List<String> registeringMethods() {
    List<String> methods = new ArrayList<>();
    for (String name : folders.mainClasses()) {
      try {
        Class<?> type = Class.forName(name, false, Implementations.class.getClassLoader());
        for (Method method : type.getDeclaredMethods()) {
          if (isRegistering(method)) methods.add(name + "#" + method.getName());
        }
      } catch (ClassNotFoundException | LinkageError error) {
        // It cannot be called either.
      }
    }
    Collections.sort(methods);
    return methods;
  }

  private static boolean isRegistering(Method method) {
    Class<?>[] parameters = method.getParameterTypes();
    return Modifier.isPublic(method.getModifiers())
        && Modifier.isStatic(method.getModifiers())
        && parameters.length == 1
        && parameters[0].getName().equals("io.temporal.worker.Worker");
  }
}
