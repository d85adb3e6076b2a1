package temporalreplaygate;

import io.temporal.api.history.v1.History;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the code did while one history was replayed. */
final class Recording {
  /** How many waits that are over are told. */
  private static final int MAX_WAITS = 1000;

  private final List<Command> commands = new ArrayList<>();
  private final List<Map<String, Object>> patches = new ArrayList<>();
  private final List<Wait> waits = new ArrayList<>();
  private final ArrayDeque<Wait> overWaits = new ArrayDeque<>();
  private final List<Map<String, Object>> handlers = new ArrayList<>();
  /** Places of handlers, by their kind and name. */
  private final Map<String, Place> handled = new HashMap<>();
  /** Change IDs that have a marker already. Only the first getVersion of each writes one. */
  private final Set<String> marked = new HashSet<>();
  /** The command that the SDK is issuing for each thread of the workflow. */
  private final ThreadLocal<Command> issuing = new ThreadLocal<>();
  /** Where each thread of the workflow last called the SDK. */
  private final ThreadLocal<Place> last = new ThreadLocal<>();
  /** Errors of branches, by their promises, as long as nobody has asked for them. */
  private final Map<Object, Map<String, Object>> unobserved = new IdentityHashMap<>();
  private Place definition = Place.NOWHERE;
  private boolean takesAnySignal;
  private boolean isClosed;

  /** An issued command. */
  static final class Command {
    private final Map<String, Object> told = new LinkedHashMap<>();
    private final long historyLength;

    private Command(String command, String name, String id, long historyLength, Place place) {
      this.historyLength = historyLength;
      told.put("command", command);
      told.put("name", name);
      if (id != null && !id.isEmpty()) told.put("id", id);
      told.put("historyLength", historyLength);
      place.into(told);
    }

    synchronized void id(String id) {
      told.put("id", id);
    }

    /** @param contents null where they are unknown */
    synchronized void carries(Map<String, Object> contents) {
      if (contents != null) told.put("carries", contents);
    }

    synchronized void elide() {
      told.put("elided", true);
    }

    synchronized Map<String, Object> told() {
      return new LinkedHashMap<>(told);
    }
  }

  /** A wait for a condition that is not over. */
  static final class Wait {
    private final Map<String, Object> told = new LinkedHashMap<>();

    private Wait(long historyLength, Place place) {
      told.put("historyLength", historyLength);
      place.into(told);
    }
  }

  /** @return null where nothing is issued, because the SDK is closing the workflow */
  Command command(String command, String name, String id, Place place) {
    if (WorkflowThreads.isBeingClosed()) return null;
    passes(place);
    Command added = new Command(command, name, id, historyLength(), place);
    synchronized (this) {
      if (isClosed) return null;
      commands.add(added);
    }
    return added;
  }

  private void passes(Place place) {
    if (place.isKnown()) last.set(place);
  }

  /** The command that the SDK is issuing for this thread, or null. */
  Command issuing() {
    return issuing.get();
  }

  void issuing(Command command) {
    if (command == null) issuing.remove();
    else issuing.set(command);
  }

  synchronized void remove(Command command) {
    if (command != null) commands.remove(command);
  }

  /** A marker for this change, or null where there was a call for it before. */
  Command marker(String changeId, Place place) {
    synchronized (this) {
      if (!marked.add(changeId)) return null;
    }
    return command("SetPatchMarker", changeId, null, place);
  }

  void version(String changeId, boolean hasMarker, boolean isDeprecated, Place place) {
    if (WorkflowThreads.isBeingClosed()) return;
    passes(place);
    Map<String, Object> patch = new LinkedHashMap<>();
    patch.put("id", changeId);
    patch.put("answer", hasMarker);
    if (isDeprecated) patch.put("deprecated", true);
    place.into(patch);
    synchronized (this) {
      if (!isClosed) patches.add(patch);
    }
  }

  void cancel(Command issued, String cancellation) {
    cancel(issued, cancellation, Place.current());
  }

  /** When a command is cancelled in the task that issued it, the SDK withdraws both. */
  void cancel(Command issued, String cancellation, Place place) {
    Command canceling = command(cancellation, "", null, place);
    if (canceling == null || canceling.historyLength != issued.historyLength) return;
    issued.elide();
    canceling.elide();
  }

  Wait waiting(Place place) {
    passes(place);
    Wait wait = new Wait(historyLength(), place);
    synchronized (this) {
      if (!isClosed && !WorkflowThreads.isBeingClosed()) waits.add(wait);
    }
    return wait;
  }

  synchronized void remove(Wait wait) {
    if (isClosed || !waits.remove(wait)) return;
    wait.told.put("over", true);
    overWaits.add(wait);
    if (overWaits.size() > MAX_WAITS) overWaits.remove();
  }

  /** A branch of the workflow ended by this error. */
  void endedBy(Object promise, String message, Place place) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("message", message);
    told.put("historyLength", historyLength());
    place.into(told);
    synchronized (this) {
      if (!isClosed) unobserved.put(promise, told);
    }
  }

  /** The code has got the error of this promise. */
  synchronized void observed(Object promise) {
    if (!isClosed) unobserved.remove(promise);
  }

  /** Where the workflow's method is declared. */
  synchronized void define(Place place) {
    definition = place;
  }

  synchronized void handles(String kind, String name, Place place) {
    if (isClosed || handled.putIfAbsent(kind + " " + name, place) != null) return;
    Map<String, Object> handler = new LinkedHashMap<>();
    handler.put("kind", kind);
    handler.put("name", name);
    place.into(handler);
    handlers.add(handler);
  }

  synchronized void takesAnySignal() {
    takesAnySignal = true;
  }

  /**
   * An update's answer. It has no line of its own, so it gets that of the update's handler.
   *
   * @param carries null where it carries nothing, or that is unknown
   */
  void update(String name, String answer, Map<String, Object> carries) {
    Command command = command("UpdateResponse", answer, null, handlerOf(name));
    if (command != null) command.carries(carries);
  }

  private synchronized Place handlerOf(String update) {
    return handled.getOrDefault("update " + update, Place.NOWHERE);
  }

  /**
   * No stack shows on which line a method returned, so it gets the line of the workflow's method from which this thread
   * last called the SDK.
   *
   * @param carries null where it is unknown
   */
  void completed(Map<String, Object> carries) {
    Place place = last.get();
    Command command = command("CompleteWorkflowExecution", "", null, place == null ? Place.NOWHERE : place.outermost());
    if (command != null) command.carries(carries);
  }

  /** The workflow ends by this exception, at the line that made it. */
  void failed(Throwable failure, Contents contents) {
    Place place = Place.in(failure.getStackTrace());
    if (!place.isKnown() && last.get() != null) place = last.get().outermost();
    if (failure instanceof CanceledFailure && CancellationScope.current().isCancelRequested()) {
      command("CancelWorkflowExecution", "", null, place);
      return;
    }
    Command command = command("FailWorkflowExecution", "", null, place);
    if (command != null) command.carries(contents.failure(failure));
  }

  synchronized void into(Map<String, Object> result, History history) {
    List<Object> told = new ArrayList<>();
    for (Command command : commands) told.add(command.told());
    result.put("commands", told);
    result.put("patches", new ArrayList<>(patches));
    List<Object> waiting = new ArrayList<>();
    for (Wait wait : overWaits) waiting.add(wait.told);
    for (Wait wait : waits) waiting.add(wait.told);
    result.put("waits", waiting);
    result.put("handlers", new ArrayList<>(handlers));
    result.put("unhandledSignals", unhandledSignals(history));
    if (!unobserved.isEmpty()) result.put("unobserved", new ArrayList<>(unobserved.values()));
    if (definition.isKnown()) {
      Map<String, Object> defined = new LinkedHashMap<>();
      definition.into(defined);
      result.put("definition", defined);
    }
  }

  private List<String> unhandledSignals(History history) {
    List<String> names = new ArrayList<>();
    if (takesAnySignal) return names;
    for (HistoryEvent event : history.getEventsList()) {
      if (!event.hasWorkflowExecutionSignaledEventAttributes()) continue;
      String name = event.getWorkflowExecutionSignaledEventAttributes().getSignalName();
      if (!handled.containsKey("signal " + name)) names.add(name);
    }
    return names;
  }

  /** Threads of this workflow may still be ending. What they do does not belong to the next one. */
  synchronized void close() {
    isClosed = true;
  }

  private static long historyLength() {
    try {
      return Workflow.getInfo().getHistoryLength();
    } catch (Error error) {
      // This is no thread of a workflow.
      return 0;
    }
  }
}
