package temporalreplaygate;

import io.temporal.client.WorkflowClientOptions;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.interceptors.WorkerInterceptor;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.workflow.DynamicWorkflow;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the input {@code workflows} names, or what is found without it. */
final class Named {
  private static final String HOW_TO_NAME =
      "set the input workflows to names of implementation classes, as in com.example.OrderWorkflowImpl, or to a public "
          + "static method that takes an io.temporal.worker.Worker, as in com.example.Workflows#register";

  private final List<Class<?>> classes = new ArrayList<>();
  private final List<Method> registering = new ArrayList<>();
  private WorkflowClientOptions clientOptions;
  private WorkerFactoryOptions factoryOptions;
  private String words = "the application";
  private List<Map<String, String>> skipped = Collections.emptyList();

  private Named() {}

  String words() {
    return words;
  }

  /** In the words of the replayer protocol. */
  List<Map<String, String>> skipped() {
    return skipped;
  }

  static Named all(ClassFolders folders) {
    Named named = new Named();
    named.addAll(folders);
    named.refuseStale(folders);
    return named;
  }

  /** @param workflows class names and {@code Class#method}, separated by commas or white space */
  static Named parse(String workflows, ClassFolders folders) {
    Named named = new Named();
    named.words = '"' + workflows.trim() + "\" (input workflows)";
    List<Class<?>> owners = new ArrayList<>();
    for (String word : workflows.trim().split("[\\s,]+")) {
      if (word.isEmpty()) continue;
      int hash = word.indexOf('#');
      Class<?> type = find(hash < 0 ? word : word.substring(0, hash), folders);
      owners.add(type);
      if (hash < 0) named.addClass(type, folders);
      else named.addMethod(type, word.substring(hash + 1));
    }
    if (named.classes.isEmpty() && named.registering.isEmpty()) named.addAll(folders);
    named.refuseStale(folders);
    named.refuseStale(folders, owners);
    return named;
  }

  /** Everything that a worker could register. What may hold a workflow and is left out is told. */
  private void addAll(ClassFolders folders) {
    Implementations implementations = new Implementations(folders);
    implementations.refuseTwoOfOneType();
    skipped = implementations.skippedSources();
    classes.addAll(implementations.found());
    boolean takesEveryType = classes.stream().anyMatch(DynamicWorkflow.class::isAssignableFrom);
    // A dynamic workflow would be given what belongs to a class that is left out.
    if (!classes.isEmpty() && (!takesEveryType || skipped.isEmpty())) return;
    if (!skipped.isEmpty()) {
      List<String> methods = implementations.registeringMethods();
      throw new Fatal(
          "no workflow can be registered without: " + listed(described(implementations)),
          (methods.isEmpty() ? HOW_TO_NAME : "set the input workflows to what registers them, as in " + listed(methods)));
    }
    List<String> inTests = implementations.inTests();
    if (!inTests.isEmpty()) {
      throw new Fatal(
          "only classes in the sources of tests implement a workflow: " + listed(inTests),
          "set working-directory to the module with the workflows; or name those that the worker registers in the "
              + "input workflows");
    }
    throw new Fatal(
        "no compiled class of the application implements an interface with @WorkflowInterface, or DynamicWorkflow",
        HOW_TO_NAME);
  }

  private static List<String> described(Implementations implementations) {
    List<String> described = new ArrayList<>();
    implementations.skipped().forEach((name, why) -> described.add(name + ": " + why));
    return described;
  }

  private void addClass(Class<?> type, ClassFolders folders) {
    String problem = null;
    if (!Implementations.isImplementation(type)) {
      List<String> names = new ArrayList<>();
      for (Class<?> one : new Implementations(folders).found()) if (type.isAssignableFrom(one)) names.add(one.getName());
      boolean isAbstract = type.isInterface() || Modifier.isAbstract(type.getModifiers());
      problem =
          (isAbstract ? "it is abstract, and a worker registers what implements it" : "it implements no interface with @WorkflowInterface and @WorkflowMethod")
              + (names.isEmpty() ? "" : ": " + listed(names));
    } else {
      problem = Implementations.problemWithConstructor(type);
    }
    if (problem == null) {
      classes.add(type);
      return;
    }
    List<String> methods = new Implementations(folders).registeringMethods();
    throw new Fatal(
        "the class " + type.getName() + " (input workflows) cannot be registered: " + problem,
        methods.isEmpty() ? HOW_TO_NAME : HOW_TO_NAME + "; such methods are " + listed(methods));
  }

  private static Class<?> find(String name, ClassFolders folders) {
    try {
      return Class.forName(name, false, Named.class.getClassLoader());
    } catch (ClassNotFoundException error) {
      throw new Fatal(
          "there is no class " + name + " (input workflows) on the class path",
          meant(name, folders)
              + HOW_TO_NAME
              + "; implementation classes are "
              + listed(nearest(name, new Implementations(folders).names())));
    } catch (LinkageError error) {
      throw new Fatal(
          "the class " + name + " (input workflows) cannot be loaded: "
              + new Implementations(folders).whyNotLoaded(name, error),
          null);
    }
  }

  /** A slip in how it is written, where the class is there. */
  private static String meant(String name, ClassFolders folders) {
    int dot = name.lastIndexOf('.');
    if (dot < 0) return "";
    String owner = name.substring(0, dot);
    String last = name.substring(dot + 1);
    if (folders.has(owner + "$" + last)) return "did you mean " + owner + "$" + last + "? ";
    return folders.has(owner) ? "did you mean the method " + owner + "#" + last + "? " : "";
  }

  /** Those that are most like a name come first. */
  private static List<String> nearest(String name, List<String> known) {
    String simple = simple(name);
    List<String> sorted = new ArrayList<>(known);
    sorted.sort(Comparator.comparingInt(one -> distance(simple, simple(one))));
    return sorted;
  }

  private static String simple(String name) {
    return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1).toLowerCase(Locale.ROOT);
  }

  /** How many letters are to be changed. */
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int column = 0; column < row.length; column++) row[column] = column;
    for (int line = 1; line <= one.length(); line++) {
      int diagonal = row[0];
      row[0] = line;
      for (int column = 1; column < row.length; column++) {
        int changed = diagonal + (one.charAt(line - 1) == other.charAt(column - 1) ? 0 : 1);
        diagonal = row[column];
        row[column] = Math.min(changed, Math.min(row[column - 1], row[column]) + 1);
      }
    }
    return row[other.length()];
  }

  /** The names that exist, for a message about one that does not. A longer list does not help. */
  private static String listed(List<String> names) {
    String first = String.join(", ", names.subList(0, Math.min(names.size(), 10)));
    return names.isEmpty() ? "none" : names.size() > 10 ? first + ", …" : first;
  }

  /** The signature of a method says what it is for. */
  private void addMethod(Class<?> type, String name) {
    List<String> known = new ArrayList<>();
    for (Method method : type.getMethods()) {
      if (!Modifier.isStatic(method.getModifiers())) continue;
      known.add(method.getName());
      if (!method.getName().equals(name)) continue;
      method.setAccessible(true);
      Class<?>[] parameters = method.getParameterTypes();
      if (Arrays.equals(parameters, new Class<?>[] {Worker.class})) {
        registering.add(method);
        return;
      }
      if (parameters.length > 0) continue;
      if (method.getReturnType() == WorkflowClientOptions.class) {
        clientOptions = (WorkflowClientOptions) call(method);
        return;
      }
      if (method.getReturnType() == WorkerFactoryOptions.class) {
        factoryOptions = (WorkerFactoryOptions) call(method);
        return;
      }
    }
    throw new Fatal(
        type.getName() + " has no public static method " + name + " that can be called here (input workflows)",
        "a method takes one io.temporal.worker.Worker, or takes nothing and returns WorkflowClientOptions or "
            + "WorkerFactoryOptions; public static methods of the class are " + listed(known));
  }

  private void refuseStale(ClassFolders folders) {
    refuseStale(folders, classes);
  }

  private void refuseStale(ClassFolders folders, List<Class<?>> types) {
    List<String> stale = folders.withoutSource(types);
    if (stale.isEmpty()) return;
    throw new Fatal(
        "compiled classes have no source any more: " + String.join(", ", stale),
        "they are of older code: compile from scratch in a step before this action, for example with "
            + "mvn clean compile");
  }

  DataConverter converter() {
    DataConverter named = client().getDataConverter();
    return named == null ? DataConverter.getDefaultInstance() : named;
  }

  private WorkflowClientOptions client() {
    return clientOptions == null ? WorkflowClientOptions.getDefaultInstance() : clientOptions;
  }

  /** The worker's converter and interceptors. Ours is next to the SDK, so it also sees what those do. */
  TestEnvironmentOptions options(String namespace, WorkerInterceptor recorder, Decoding decoding) {
    WorkerFactoryOptions factory =
        factoryOptions == null ? WorkerFactoryOptions.getDefaultInstance() : factoryOptions;
    List<WorkerInterceptor> interceptors = new ArrayList<>();
    if (factory.getWorkerInterceptors() != null) interceptors.addAll(Arrays.asList(factory.getWorkerInterceptors()));
    interceptors.add(recorder);
    return TestEnvironmentOptions.newBuilder()
        .setWorkflowClientOptions(
            WorkflowClientOptions.newBuilder(client())
                .setNamespace(namespace)
                .setDataConverter(decoding.watching(converter()))
                .build())
        .setWorkerFactoryOptions(
            WorkerFactoryOptions.newBuilder(factory)
                .setWorkerInterceptors(interceptors.toArray(new WorkerInterceptor[0]))
                .build())
        .build();
  }

  void register(Worker worker) {
    for (Method method : registering) call(method, worker);
    if (!classes.isEmpty()) worker.registerWorkflowImplementationTypes(classes.toArray(new Class<?>[0]));
  }

  private static Object call(Method method, Object... arguments) {
    String words = method.getDeclaringClass().getName() + "#" + method.getName();
    try {
      Object answer = method.invoke(null, arguments);
      if (answer == null && method.getReturnType() != void.class) {
        throw new Fatal(words + " returned null", null);
      }
      return answer;
    } catch (InvocationTargetException error) {
      throw new Fatal(
          words + " failed: " + Thrown.words(error.getCause()),
          isRefusedBySdk(error.getCause())
              ? "the SDK refuses it, so a worker that registers in this way would not start either"
              : "it runs without secrets and sees few variables: name the others that it needs in replay-env");
    } catch (IllegalAccessException error) {
      throw new Fatal(words + " cannot be called: " + error.getMessage(), "make its class and it public");
    }
  }

  private static boolean isRefusedBySdk(Throwable thrown) {
    for (StackTraceElement frame : Thrown.innermost(thrown).getStackTrace()) {
      String name = frame.getClassName();
      if (!name.startsWith("java.") && !name.startsWith("com.google.common.")) return name.startsWith("io.temporal.");
    }
    return false;
  }
}
