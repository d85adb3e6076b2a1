package temporalreplaygate;

import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptor;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** What workflow code calls. Each command is noted when it is issued, with the application's line that issues it. */
final class Outbound implements InvocationHandler {
  private final Recording recording;
  private final Contents contents;
  private final HandlerPlaces handlerPlaces;
  private final Decoding decoding;
  private final WorkflowOutboundCallsInterceptor next;

  Outbound(
      Recording recording,
      Contents contents,
      HandlerPlaces handlerPlaces,
      Decoding decoding,
      WorkflowOutboundCallsInterceptor next) {
    this.recording = recording;
    this.contents = contents;
    this.handlerPlaces = handlerPlaces;
    this.decoding = decoding;
    this.next = next;
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    switch (method.getName()) {
      case "executeActivity":
        return issued(method, arguments, "ScheduleActivityTask", get(arguments[0], "getActivityName"), null,
            isAbandoned(arguments[0]) ? null : "RequestCancelActivityTask");
      case "executeLocalActivity":
        return issued(method, arguments, "ScheduleLocalActivity", get(arguments[0], "getActivityName"), null, null);
      case "executeChildWorkflow":
        return issued(method, arguments, "StartChildWorkflowExecution", get(arguments[0], "getWorkflowType"), get(arguments[0], "getWorkflowId"),
            isAbandoned(arguments[0]) ? null : "CancelChildWorkflowExecution");
      case "executeNexusOperation":
        return issued(method, arguments, "ScheduleNexusOperation", get(arguments[0], "getOperation"), null,
            isAbandoned(arguments[0]) ? null : "RequestCancelNexusOperation");
      case "signalExternalWorkflow":
        return issued(method, arguments, "SignalExternalWorkflowExecution", get(arguments[0], "getSignalName"), null, null);
      case "cancelWorkflow":
        return issued(method, arguments, "RequestCancelExternalWorkflowExecution", "", null, null);
      case "newTimer":
        if (!isTimer(arguments[0])) return pass(method, arguments);
        return issued(method, arguments, timer(arguments[0], Place.current()), "CancelTimer");
      case "sleep":
        if (!isTimer(arguments[0])) return pass(method, arguments);
        return slept(method, arguments);
      case "await":
        return awaited(method, arguments);
      case "getVersion":
        return version(method, arguments);
      case "sideEffect":
        // Noted before it runs, because it does not return where history has no such marker.
        recording.command("RecordMarker", "SideEffect", null, Place.current());
        return pass(method, arguments);
      case "mutableSideEffect":
        // Noted at each call. A call writes a marker only where the value has changed.
        recording.command("RecordMarker", "MutableSideEffect " + arguments[0], null, Place.current());
        return pass(method, arguments);
      case "upsertSearchAttributes":
      case "upsertTypedSearchAttributes":
        return attributes(method, arguments, "UpsertWorkflowSearchAttributes");
      case "upsertMemo":
        return attributes(method, arguments, "ModifyWorkflowProperties");
      case "continueAsNew":
        String type = get(arguments[0], "getWorkflowType");
        Recording.Command next = recording.command("ContinueAsNewWorkflowExecution",
            type.isEmpty() ? Workflow.getInfo().getWorkflowType() : type, null, Place.current());
        return passFor(next, method, arguments);
      case "registerSignalHandlers":
        handlers("signal", "getSignalType", arguments[0]);
        return pass(method, arguments);
      case "registerUpdateHandlers":
        handlers("update", "getUpdateName", arguments[0]);
        return pass(method, arguments);
      case "registerDynamicSignalHandler":
        recording.takesAnySignal();
        return pass(method, arguments);
      default:
        return pass(method, arguments);
    }
  }

  private Object pass(Method method, Object... arguments) throws Throwable {
    return RecordingInterceptor.invoke(next, method, arguments);
  }

  /** The same. What the SDK meanwhile makes of the call is what this command carries. */
  private Object passFor(Recording.Command command, Method method, Object... arguments) throws Throwable {
    recording.issuing(command);
    try {
      return pass(method, arguments);
    } finally {
      recording.issuing(null);
    }
  }

  private Recording.Command timer(Object length, Place place) {
    Recording.Command timer = recording.command("StartTimer", "", null, place);
    if (timer != null) timer.carries(contents.timer((Duration) length));
    return timer;
  }

  /** A call that issues a command and returns. {@code cancellation} cancels it together with its scope; may be null. */
  private Object issued(Method method, Object[] arguments, String command, String name, String id, String cancellation)
      throws Throwable {
    return issued(method, arguments, recording.command(command, name, id, Place.current()), cancellation);
  }

  private Object issued(Method method, Object[] arguments, Recording.Command added, String cancellation)
      throws Throwable {
    Object output;
    try {
      output = passFor(added, method, arguments);
    } catch (Throwable thrown) {
      // The SDK refused it, for example because its scope is cancelled, so it was not issued.
      recording.remove(added);
      throw thrown;
    }
    Promise<?> result = output instanceof Promise ? (Promise<?>) output : resultOf(output);
    if (result != null) tellWhereCalled(result, Place.current());
    if (added != null && cancellation != null && result != null) whenCanceled(added, cancellation, result::isCompleted);
    return output;
  }

  /** An error that comes with the result has a stack of the SDK alone. */
  private void tellWhereCalled(Promise<?> result, Place place) {
    result.handle(
        (value, failure) -> {
          if (failure != null) decoding.calledAt(failure, place);
          return null;
        });
  }

  private void whenCanceled(Recording.Command issued, String cancellation, Supplier<Boolean> isOver) {
    CancellationScope.current()
        .getCancellationRequest()
        .thenApply(
            reason -> {
              if (!isOver.get()) recording.cancel(issued, cancellation);
              return reason;
            });
  }

  private Object slept(Method method, Object[] arguments) throws Throwable {
    Recording.Command timer = timer(arguments[0], Place.current());
    AtomicBoolean isOver = new AtomicBoolean();
    if (timer != null) whenCanceled(timer, "CancelTimer", isOver::get);
    Object answer = pass(method, arguments);
    isOver.set(true);
    return answer;
  }

  /** With a timeout, its first argument, it issues a timer; without one, nothing. */
  private Object awaited(Method method, Object[] arguments) throws Throwable {
    Recording.Wait wait = recording.waiting(Place.current());
    Object[] watched = arguments.clone();
    TimedWait timed = null;
    if (arguments[0] instanceof Duration) {
      @SuppressWarnings("unchecked")
      Supplier<Boolean> condition = (Supplier<Boolean>) arguments[2];
      timed = new TimedWait(condition, (Duration) arguments[0], Place.current());
      watched[2] = timed;
    }
    Object answer;
    try {
      answer = pass(method, watched);
    } catch (RuntimeException error) {
      // Cancelled. When the replay is over, an Error ends what still waits.
      recording.remove(wait);
      throw error;
    }
    recording.remove(wait);
    if (timed != null) timed.isOver(Boolean.TRUE.equals(answer));
    return answer;
  }

  /**
   * The condition of a wait with a timeout. The moments when the SDK asks for it tell whether there is a timer. For
   * histories of newer workers, it asks once before it starts one, and cancels it when the condition has come true.
   */
  private final class TimedWait implements Supplier<Boolean> {
    private final Supplier<Boolean> condition;
    private final Duration timeout;
    private final Place place;
    private final AtomicBoolean over = new AtomicBoolean();
    private boolean isFirst = true;
    private boolean cancelsTimer;
    private Recording.Command timer;

    TimedWait(Supplier<Boolean> condition, Duration timeout, Place place) {
      this.condition = condition;
      this.timeout = timeout;
      this.place = place;
    }

    @Override
    public Boolean get() {
      if (!isFirst) return condition.get();
      isFirst = false;
      cancelsTimer = !isWaiting();
      if (cancelsTimer) {
        Boolean holds = condition.get();
        if (!holds) started();
        return holds;
      }
      started();
      return condition.get();
    }

    private void started() {
      if (!isTimer(timeout)) return;
      timer = timer(timeout, place);
      if (timer != null) whenCanceled(timer, "CancelTimer", over::get);
    }

    void isOver(boolean holds) {
      over.set(true);
      if (holds && cancelsTimer && timer != null) recording.cancel(timer, "CancelTimer", place);
    }

    /** Whether the SDK asks during its wait, by a lambda, and not before. */
    private boolean isWaiting() {
      for (StackTraceElement frame : new Throwable().getStackTrace()) {
        if (frame.getClassName().startsWith("io.temporal.internal.sync.SyncWorkflowContext")) {
          return !frame.getMethodName().equals("await");
        }
      }
      return true;
    }
  }

  /** The marker is noted at the call, and removed where the SDK finds later that there is none. */
  private Object version(Method method, Object[] arguments) throws Throwable {
    String changeId = (String) arguments[0];
    Place place = Place.current();
    Recording.Command marker = recording.marker(changeId, place);
    int minSupported = (Integer) arguments[1];
    Object version;
    try {
      version = pass(method, arguments);
    } catch (RuntimeException error) {
      recording.remove(marker);
      throw error;
    } catch (Error error) {
      // For a version in history it throws an error that has no public name.
      if (error.getClass().getSimpleName().equals("UnsupportedVersion")) {
        recording.version(changeId, true, minSupported != Workflow.DEFAULT_VERSION, place);
      }
      throw error;
    }
    boolean hasMarker = (Integer) version != Workflow.DEFAULT_VERSION;
    recording.version(changeId, hasMarker, minSupported != Workflow.DEFAULT_VERSION, place);
    if (!hasMarker) recording.remove(marker);
    return version;
  }

  private Object attributes(Method method, Object[] arguments, String command) throws Throwable {
    Recording.Command added = recording.command(command, "", null, Place.current());
    try {
      return passFor(added, method, arguments);
    } catch (RuntimeException error) {
      recording.remove(added);
      throw error;
    }
  }

  private void handlers(String kind, String name, Object input) {
    try {
      for (Object request : (Iterable<?>) input.getClass().getMethod("getRequests").invoke(input)) {
        recording.handles(kind, get(request, name), placeOf(kind, get(request, name)));
      }
    } catch (ReflectiveOperationException error) {
      // Another release of the SDK has another form: then handlers are unknown.
    }
  }

  /** The application's line that registers a handler, or else the line of the annotated method. */
  private Place placeOf(String kind, String name) {
    Place registered = Place.current();
    return registered.isKnown() ? registered : handlerPlaces.of(Workflow.getInfo().getWorkflowType(), kind, name);
  }

  private static boolean isTimer(Object duration) {
    return duration instanceof Duration && ((Duration) duration).compareTo(Duration.ZERO) > 0;
  }

  private static boolean isAbandoned(Object input) {
    try {
      Object options = input.getClass().getMethod("getOptions").invoke(input);
      Object type = options.getClass().getMethod("getCancellationType").invoke(options);
      return type != null && type.toString().equals("ABANDON");
    } catch (ReflectiveOperationException | RuntimeException error) {
      return false;
    }
  }

  private static Promise<?> resultOf(Object output) {
    try {
      return (Promise<?>) output.getClass().getMethod("getResult").invoke(output);
    } catch (ReflectiveOperationException | RuntimeException error) {
      return null;
    }
  }

  private static String get(Object input, String getter) {
    try {
      Object value = input.getClass().getMethod(getter).invoke(input);
      return value == null ? "" : value.toString();
    } catch (ReflectiveOperationException error) {
      return "";
    }
  }
}
