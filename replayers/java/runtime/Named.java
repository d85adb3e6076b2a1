package temporalreplaygate;

import io.temporal.client.WorkflowClientOptions;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.interceptors.WorkerInterceptor;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactoryOptions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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

  private Named() {}

  String words() {
    return words;
  }

  static Named all(ClassFolders folders) {
    Named named = new Named();
    named.classes.addAll(folders.implementations());
    if (named.classes.isEmpty()) {
      throw new Fatal(
          "no compiled class of the application implements an interface with @WorkflowInterface", HOW_TO_NAME);
    }
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
      if (hash < 0) named.classes.add(type);
      else named.addMethod(type, word.substring(hash + 1));
    }
    boolean hasOnlyOptions = named.classes.isEmpty() && named.registering.isEmpty();
    if (hasOnlyOptions) named.classes.addAll(folders.implementations());
    if (hasOnlyOptions && named.classes.isEmpty()) throw new Fatal(named.words + " names no workflow", HOW_TO_NAME);
    named.refuseStale(folders);
    named.refuseStale(folders, owners);
    return named;
  }

  private static Class<?> find(String name, ClassFolders folders) {
    try {
      return Class.forName(name, false, Named.class.getClassLoader());
    } catch (ClassNotFoundException error) {
      List<String> known = new ArrayList<>();
      for (Class<?> type : folders.implementations()) known.add(type.getName());
      throw new Fatal(
          "there is no class " + name + " (input workflows) on the class path",
          HOW_TO_NAME + "; implementation classes are " + listed(known));
    } catch (LinkageError error) {
      throw new Fatal("the class " + name + " (input workflows) cannot be loaded: " + error, null);
    }
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
  TestEnvironmentOptions options(String namespace, WorkerInterceptor recorder) {
    WorkerFactoryOptions factory =
        factoryOptions == null ? WorkerFactoryOptions.getDefaultInstance() : factoryOptions;
    List<WorkerInterceptor> interceptors = new ArrayList<>();
    if (factory.getWorkerInterceptors() != null) interceptors.addAll(Arrays.asList(factory.getWorkerInterceptors()));
    interceptors.add(recorder);
    return TestEnvironmentOptions.newBuilder()
        .setWorkflowClientOptions(WorkflowClientOptions.newBuilder(client()).setNamespace(namespace).build())
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
          "it runs without secrets and sees few variables: name the others that it needs in replay-env");
    } catch (IllegalAccessException error) {
      throw new Fatal(words + " cannot be called: " + error.getMessage(), "make its class and it public");
    }
  }
}
