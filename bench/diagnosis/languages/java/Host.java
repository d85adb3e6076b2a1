import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import io.temporal.workflow.WorkflowInterface;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Hosts all workers of one run of the bench, each with a class loader of its own: a process for each would take seconds
 * to start. Orders come on standard input, one a line: {@code NUMBER compile FOLDER}, {@code NUMBER start ADDRESS
 * NAMESPACE TASK_QUEUE FOLDER}, {@code NUMBER stop WHAT}, where WHAT is the number of a start. Each is answered by
 * {@code NUMBER done} or {@code NUMBER failed WORDS}. It ends with its standard input.
 */
public final class Host {
  private static final PrintStream ANSWERS = System.out;
  private static final Map<String, Running> RUNNING = new ConcurrentHashMap<>();
  private static final Map<String, WorkflowServiceStubs> STUBS = new ConcurrentHashMap<>();

  private Host() {}

  private record Running(WorkerFactory factory, URLClassLoader loader) {}

  public static void main(String[] args) throws Exception {
    // What workers log is what this is about; the histories hold it.
    System.setOut(new PrintStream(PrintStream.nullOutputStream()));
    System.setErr(new PrintStream(PrintStream.nullOutputStream()));
    ExecutorService orders = Executors.newCachedThreadPool();
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      String[] words = line.split("\t");
      orders.submit(() -> answer(words));
    }
    System.exit(0);
  }

  private static void answer(String[] words) {
    String answer = "done";
    try {
      switch (words[1]) {
        case "compile" -> compile(Path.of(words[2]));
        case "start" -> start(words[0], words[2], words[3], words[4], Path.of(words[5]));
        case "stop" -> stop(words[2]);
        default -> throw new IllegalArgumentException("no such order: " + words[1]);
      }
    } catch (Exception | LinkageError error) {
      answer = "failed\t" + error.toString().replaceAll("\\s+", " ");
    }
    synchronized (ANSWERS) {
      ANSWERS.println(words[0] + "\t" + answer);
      ANSWERS.flush();
    }
  }

  private static void compile(Path folder) throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Path classes = Files.createDirectories(folder.resolve("target/classes"));
    StringWriter words = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path"), "-d", "" + classes);
      List<Path> sources = filesBelow(folder.resolve("src"), ".java");
      boolean succeeded =
          compiler
              .getTask(words, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
              .call();
      if (!succeeded) throw new IllegalStateException("it does not compile: " + words);
    }
  }

  private static void start(
      String number, String address, String namespace, String taskQueue, Path folder)
      throws Exception {
    Path classes = folder.resolve("target/classes");
    URLClassLoader loader =
        new URLClassLoader(new URL[] {classes.toUri().toURL()}, Host.class.getClassLoader());
    WorkflowClient client =
        WorkflowClient.newInstance(
            STUBS.computeIfAbsent(address, Host::connect),
            WorkflowClientOptions.newBuilder()
                .setNamespace(namespace)
                // Each worker is another one in history.
                .setIdentity("worker " + number)
                .build());
    WorkerFactory factory = WorkerFactory.newInstance(client);
    Worker worker =
        factory.newWorker(
            taskQueue,
            WorkerOptions.newBuilder()
                // What the last worker had in its cache nobody has any more; the server notices after this long.
                .setStickyQueueScheduleToStartTimeout(Duration.ofSeconds(5))
                .build());
    for (Path file : filesBelow(classes, ".class")) {
      String path = classes.relativize(file).toString();
      Class<?> type =
          loader.loadClass(path.substring(0, path.length() - ".class".length()).replace('/', '.'));
      if (isImplementation(type)) worker.registerWorkflowImplementationTypes(type);
    }
    worker.registerActivitiesImplementations(
        loader.loadClass("corpus.ActivitiesImpl").getConstructor().newInstance());
    factory.start();
    RUNNING.put(number, new Running(factory, loader));
  }

  private static void stop(String number) throws Exception {
    Running running = RUNNING.remove(number);
    running.factory().shutdownNow();
    running.factory().awaitTermination(20, TimeUnit.SECONDS);
    running.loader().close();
  }

  private static WorkflowServiceStubs connect(String address) {
    return WorkflowServiceStubs.newServiceStubs(
        WorkflowServiceStubsOptions.newBuilder().setTarget(address).build());
  }

  private static boolean isImplementation(Class<?> type) {
    return !type.isInterface()
        && Stream.of(type.getInterfaces())
            .anyMatch(one -> one.isAnnotationPresent(WorkflowInterface.class));
  }

  private static List<Path> filesBelow(Path folder, String suffix) throws Exception {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(suffix)).collect(Collectors.toList());
    }
  }
}
