package temporalreplaygate;

import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Lays a recording around each workflow that is replayed while there is one.
 *
 * <p>The interceptors are proxies, because each release of the SDK has methods that others have not: whatever is not
 * known here goes through.
 */
final class RecordingInterceptor extends WorkerInterceptorBase {
  /** Of the history under replay; null unless it is to be recorded. */
  volatile Recording recording;

  @Override
  public WorkflowInboundCallsInterceptor interceptWorkflow(WorkflowInboundCallsInterceptor next) {
    Recording current = recording;
    if (current == null) return next;
    Inbound inbound = new Inbound(current);
    return proxy(WorkflowInboundCallsInterceptor.class, (proxy, method, arguments) -> inbound.call(next, method, arguments));
  }

  /** What the SDK calls. */
  private static final class Inbound {
    private final Recording recording;

    Inbound(Recording recording) {
      this.recording = recording;
    }

    Object call(WorkflowInboundCallsInterceptor next, Method method, Object[] arguments) throws Throwable {
      switch (method.getName()) {
        case "init":
          Outbound outbound = new Outbound(recording, (WorkflowOutboundCallsInterceptor) arguments[0]);
          return invoke(next, method, proxy(WorkflowOutboundCallsInterceptor.class, outbound));
        case "execute":
          return execute(next, method, arguments);
        case "executeUpdate":
          recording.update("accepted");
          Object answer;
          try {
            answer = invoke(next, method, arguments);
          } catch (io.temporal.failure.TemporalFailure failure) {
            // It fails the update, which is an answer too; anything else fails the Workflow Task.
            recording.update("completed");
            throw failure;
          }
          recording.update("completed");
          return answer;
        default:
          return invoke(next, method, arguments);
      }
    }

    private Object execute(Object next, Method method, Object[] arguments) throws Throwable {
      Object answer;
      try {
        answer = invoke(next, method, arguments);
      } catch (io.temporal.failure.TemporalFailure failure) {
        recording.failed(failure);
        throw failure;
      }
      recording.command("CompleteWorkflowExecution", "", null, Place.NOWHERE);
      return answer;
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
