package temporalreplaygate;

import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptor;
import io.temporal.workflow.Workflow;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Records each workflow that is replayed while a recording is set.
 *
 * <p>The interceptors are proxies, because releases of the SDK have different methods. Unknown methods are passed on.
 */
final class RecordingInterceptor extends WorkerInterceptorBase {
  /** Of the history in replay; null unless it is recorded. */
  volatile Recording recording;

  private final Contents contents;
  private final HandlerPlaces handlerPlaces;
  private final Decoding decoding;
  private volatile Registered registered;

  /** @param contents what commands carry, by the worker's converter */
  RecordingInterceptor(Contents contents, HandlerPlaces handlerPlaces, Decoding decoding) {
    this.contents = contents;
    this.handlerPlaces = handlerPlaces;
    this.decoding = decoding;
  }

  /** @param registered null where it is unknown */
  void know(Registered registered) {
    this.registered = registered;
    handlerPlaces.know(registered);
  }

  @Override
  public WorkflowInboundCallsInterceptor interceptWorkflow(WorkflowInboundCallsInterceptor next) {
    Recording current = recording;
    if (current == null) return next;
    Inbound inbound = new Inbound(current);
    return proxy(WorkflowInboundCallsInterceptor.class, (proxy, method, arguments) -> inbound.call(next, method, arguments));
  }

  /** What the SDK calls. */
  private final class Inbound {
    private final Recording recording;
    /** Exceptions that fail the workflow, besides the SDK's own. */
    private Class<?>[] failing = {};

    Inbound(Recording recording) {
      this.recording = recording;
    }

    Object call(WorkflowInboundCallsInterceptor next, Method method, Object[] arguments) throws Throwable {
      switch (method.getName()) {
        case "init":
          failing = failingTypes(arguments[0]);
          SdkCalls.watch(arguments[0], recording, contents);
          Unobserved.watch(arguments[0], recording);
          Outbound outbound = new Outbound(recording, contents, handlerPlaces, decoding, (WorkflowOutboundCallsInterceptor) arguments[0]);
          return invoke(next, method, proxy(WorkflowOutboundCallsInterceptor.class, outbound));
        case "execute":
          return execute(next, method, arguments);
        case "executeUpdate":
          return update(next, method, arguments);
        default:
          return invoke(next, method, arguments);
      }
    }

    private Object update(Object next, Method method, Object[] arguments) throws Throwable {
      String name = String.valueOf(arguments[0].getClass().getMethod("getUpdateName").invoke(arguments[0]));
      recording.update(name, "accepted", null);
      Object answer;
      try {
        answer = invoke(next, method, arguments);
      } catch (Throwable thrown) {
        // A failure of the update is an answer too. Anything else fails the Workflow Task.
        Throwable failure = unwrapped(thrown);
        if (isFailure(failure)) recording.update(name, "completed", contents.failure(failure));
        throw thrown;
      }
      recording.update(name, "completed", contents.result(resultIn(answer)));
      return answer;
    }

    private Object execute(Object next, Method method, Object[] arguments) throws Throwable {
      recording.define(handlerPlaces.ofWorkflow(Workflow.getInfo().getWorkflowType()));
      Object answer;
      try {
        answer = invoke(next, method, arguments);
      } catch (Throwable thrown) {
        Throwable failure = unwrapped(thrown);
        if (isFailure(failure)) recording.failed(failure, contents);
        throw thrown;
      }
      recording.completed(completion(resultIn(answer)));
      return answer;
    }

    /** A method that returns nothing has no result. One that returns null has one. */
    private java.util.Map<String, Object> completion(Object result) {
      if (result != null) return contents.result(result);
      Registered known = registered;
      Boolean returnsNothing = known == null ? null : known.returnsNothing(Workflow.getInfo().getWorkflowType());
      if (returnsNothing == null) return null;
      return returnsNothing ? contents.noResult() : contents.result(null);
    }

    private boolean isFailure(Throwable thrown) {
      if (thrown instanceof io.temporal.failure.TemporalFailure) return true;
      for (Class<?> type : failing) {
        if (type.isInstance(thrown)) return !isTheSdksOwn(thrown);
      }
      return false;
    }
  }

  /** Errors by which the SDK ends threads and reports differences. They never fail a workflow. */
  private static boolean isTheSdksOwn(Throwable thrown) {
    return thrown instanceof Error && thrown.getClass().getName().startsWith("io.temporal.");
  }

  /** The SDK wraps checked exceptions of a workflow's method. */
  static Throwable unwrapped(Throwable thrown) {
    boolean isWrapper = thrown.getClass().getName().endsWith(".CheckedExceptionWrapper");
    return isWrapper && thrown.getCause() != null ? unwrapped(thrown.getCause()) : thrown;
  }

  private static Object resultIn(Object answer) throws ReflectiveOperationException {
    return answer == null ? null : answer.getClass().getMethod("getResult").invoke(answer);
  }

  private static Class<?>[] failingTypes(Object context) {
    try {
      Method getter = context.getClass().getMethod("getWorkflowImplementationOptions");
      getter.setAccessible(true);
      Object options = getter.invoke(context);
      return (Class<?>[]) options.getClass().getMethod("getFailWorkflowExceptionTypes").invoke(options);
    } catch (ReflectiveOperationException | RuntimeException error) {
      // Another release has another form: then only the SDK's own exceptions are known to fail it.
      return new Class<?>[0];
    }
  }

  static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  static Object invoke(Object on, Method method, Object... arguments) throws Throwable {
    try {
      return method.invoke(on, arguments);
    } catch (InvocationTargetException error) {
      throw error.getCause();
    }
  }
}
