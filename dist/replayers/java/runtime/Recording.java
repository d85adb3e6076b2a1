package temporalreplaygate;

import io.temporal.api.history.v1.History;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the code did while one history was replayed. */
final class Recording {
  private final List<Command> commands = new ArrayList<>();
  private final List<Map<String, Object>> patches = new ArrayList<>();
  private final List<Wait> waits = new ArrayList<>();
  private final List<Map<String, Object>> handlers = new ArrayList<>();
  private final Set<String> handled = new HashSet<>();
  /** Change IDs that have a marker already: only the first question for each writes one. */
  private final Set<String> marked = new HashSet<>();
  private boolean takesAnySignal;
  private boolean isClosed;

  /** A command that was issued. */
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
  }

  /** A wait for a condition that has not come to its end. */
  static final class Wait {
    private final Map<String, Object> told = new LinkedHashMap<>();

    private Wait(long historyLength, Place place) {
      told.put("historyLength", historyLength);
      place.into(told);
    }
  }

  /** @return null where nothing is issued, because the workflow is being closed */
  Command command(String command, String name, String id, Place place) {
    if (WorkflowThreads.isBeingClosed()) return null;
    Command added = new Command(command, name, id, historyLength(), place);
    synchronized (this) {
      if (isClosed) return null;
      commands.add(added);
    }
    return added;
  }

  synchronized void remove(Command command) {
    if (command != null) commands.remove(command);
  }

  /** Where the marker of this change would stand, or null where it has been asked for before. */
  Command marker(String changeId, Place place) {
    synchronized (this) {
      if (!marked.add(changeId)) return null;
    }
    return command("SetPatchMarker", changeId, null, place);
  }

  void version(String changeId, boolean hasMarker, boolean isDeprecated, Place place) {
    if (WorkflowThreads.isBeingClosed()) return;
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

  /** The SDK withdraws what is cancelled in the task in which it was issued: neither reaches history. */
  void cancel(Command issued, String cancellation, Place place) {
    Command canceling = command(cancellation, "", null, place);
    if (canceling == null || canceling.historyLength != issued.historyLength) return;
    synchronized (this) {
      issued.told.put("elided", true);
      canceling.told.put("elided", true);
    }
  }

  Wait waiting(Place place) {
    Wait wait = new Wait(historyLength(), place);
    synchronized (this) {
      if (!isClosed && !WorkflowThreads.isBeingClosed()) waits.add(wait);
    }
    return wait;
  }

  synchronized void remove(Wait wait) {
    if (!isClosed) waits.remove(wait);
  }

  synchronized void handles(String kind, String name, Place place) {
    if (isClosed || !handled.add(kind + " " + name)) return;
    Map<String, Object> handler = new LinkedHashMap<>();
    handler.put("kind", kind);
    handler.put("name", name);
    place.into(handler);
    handlers.add(handler);
  }

  synchronized void takesAnySignal() {
    takesAnySignal = true;
  }

  /** An update's answer, which has no line of its own. */
  void update(String answer) {
    command("UpdateResponse", answer, null, Place.NOWHERE);
  }

  /** The workflow ends by this, at the line that made it. */
  void failed(TemporalFailure failure) {
    boolean isCanceled = failure instanceof CanceledFailure && CancellationScope.current().isCancelRequested();
    command(
        isCanceled ? "CancelWorkflowExecution" : "FailWorkflowExecution",
        "",
        null,
        Place.in(failure.getStackTrace()));
  }

  synchronized void into(Map<String, Object> result, History history) {
    List<Object> told = new ArrayList<>();
    for (Command command : commands) told.add(new LinkedHashMap<>(command.told));
    result.put("commands", told);
    result.put("patches", new ArrayList<>(patches));
    List<Object> waiting = new ArrayList<>();
    for (Wait wait : waits) waiting.add(wait.told);
    result.put("waits", waiting);
    result.put("handlers", new ArrayList<>(handlers));
    result.put("unhandledSignals", unhandledSignals(history));
  }

  private List<String> unhandledSignals(History history) {
    List<String> names = new ArrayList<>();
    if (takesAnySignal) return names;
    for (HistoryEvent event : history.getEventsList()) {
      if (!event.hasWorkflowExecutionSignaledEventAttributes()) continue;
      String name = event.getWorkflowExecutionSignaledEventAttributes().getSignalName();
      if (!handled.contains("signal " + name)) names.add(name);
    }
    return names;
  }

  /** Threads of this workflow may still be ending: what they do is no part of the next one. */
  synchronized void close() {
    isClosed = true;
  }

  private static long historyLength() {
    try {
      return Workflow.getInfo().getHistoryLength();
    } catch (Error error) {
      // On no thread of a workflow's.
      return 0;
    }
  }
}
