package temporalreplaygate;

import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A worker that never polls, on which the application's workflows are registered. */
final class Application {
  final Worker worker;
  final RecordingInterceptor recorder;
  final Decoding decoding;
  private final Registered registered;
  private final List<String> sources;
  private final List<Map<String, String>> skipped;
  private final String chance;

  private Application(
      Worker worker,
      RecordingInterceptor recorder,
      Decoding decoding,
      Registered registered,
      List<String> sources,
      List<Map<String, String>> skipped,
      String chance) {
    this.worker = worker;
    this.recorder = recorder;
    this.decoding = decoding;
    this.registered = registered;
    this.sources = sources;
    this.skipped = skipped;
    this.chance = chance;
  }

  /**
   * @param classFolders absolute paths of folders with the application's own compiled classes
   * @throws Fatal where a worker could not start either, or the input names what is not there
   */
  static Application load(List<String> classFolders, String namespace, String workflows) {
    ClassFolders folders = new ClassFolders(classFolders);
    Named named = workflows == null ? Named.all(folders) : Named.parse(workflows, folders);
    HandlerPlaces places = new HandlerPlaces();
    Decoding decoding = new Decoding(places);
    RecordingInterceptor recorder = new RecordingInterceptor(new Contents(named.converter()), places, decoding);
    TestEnvironmentOptions options = named.options(namespace, recorder, decoding);
    try {
      // The environment brings a test server in this process, which replay hardly uses.
      Worker worker = TestWorkflowEnvironment.newInstance(options).newWorker("temporal-replay-gate");
      named.register(worker);
      Registered registered = Registered.on(worker);
      recorder.know(registered);
      if (registered != null && registered.types.isEmpty() && !registered.isDynamic) {
        throw new Fatal(
            named.words() + " registers no workflow",
            "name the implementation classes, or a method that registers them, in the input workflows");
      }
      return new Application(
          worker, recorder, decoding, registered, folders.workflowSources(), named.skipped(), folders.chance());
    } catch (Fatal fatal) {
      throw fatal;
    } catch (Throwable thrown) {
      throw new Fatal(
          "the SDK cannot replay these workflows: " + Thrown.words(thrown),
          "a worker with these workflow classes and options would not start either");
    }
  }

  Map<String, Object> ready() {
    Map<String, Object> sdk = new LinkedHashMap<>();
    sdk.put("name", "io.temporal:temporal-sdk");
    sdk.put("version", sdkVersion());
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("type", "ready");
    message.put("language", "java");
    message.put("sdk", sdk);
    if (registered != null) {
      message.put("workflowTypes", new ArrayList<>(new TreeSet<>(registered.types)));
      message.put("dynamic", registered.isDynamic);
    }
    if (!skipped.isEmpty()) message.put("skipped", skipped);
    message.put("sources", sources);
    message.put("chance", chance);
    return message;
  }

  private static String sdkVersion() {
    try {
      Class<?> version = Class.forName("io.temporal.serviceclient.Version");
      return String.valueOf(version.getField("LIBRARY_VERSION").get(null));
    } catch (ReflectiveOperationException | LinkageError error) {
      return "unknown";
    }
  }
}
