package temporalreplaygate;

import com.google.protobuf.MessageOrBuilder;
import io.temporal.api.command.v1.ContinueAsNewWorkflowExecutionCommandAttributes;
import io.temporal.api.command.v1.SignalExternalWorkflowExecutionCommandAttributesOrBuilder;
import io.temporal.api.command.v1.StartChildWorkflowExecutionCommandAttributesOrBuilder;
import io.temporal.api.common.v1.Memo;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.SearchAttributes;
import io.temporal.api.common.v1.WorkflowExecution;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;

/**
 * Stands between the two halves of the SDK: the one that makes commands of the code's calls, and the one that compares
 * them with history. So it sees what would be sent, after the worker's converter and with all defaults of the SDK.
 *
 * <p>It uses no public method. Where a release differs, it is unknown what commands carry.
 */
final class SdkCalls implements InvocationHandler {
  private final Object next;
  private final Recording recording;
  private final Contents contents;

  private SdkCalls(Object next, Recording recording, Contents contents) {
    this.next = next;
    this.recording = recording;
    this.contents = contents;
  }

  /** @param context the SDK's own interceptor, the last of the chain */
  static void watch(Object context, Recording recording, Contents contents) {
    try {
      Class<?> type = Class.forName("io.temporal.internal.replay.ReplayWorkflowContext");
      Method get = context.getClass().getMethod("getReplayContext");
      Method set = context.getClass().getMethod("setReplayContext", type);
      get.setAccessible(true);
      set.setAccessible(true);
      SdkCalls calls = new SdkCalls(get.invoke(context), recording, contents);
      set.invoke(context, RecordingInterceptor.proxy(type, calls));
    } catch (ReflectiveOperationException | RuntimeException | LinkageError error) {
      // Another release has another form: then nothing is compared.
    }
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    Recording.Command issuing = recording.issuing();
    if (issuing != null) {
      try {
        tell(issuing, method.getName(), arguments);
      } catch (ReflectiveOperationException | RuntimeException error) {
        // As above.
      }
    }
    return RecordingInterceptor.invoke(next, method, arguments);
  }

  private void tell(Recording.Command issuing, String call, Object[] arguments) throws ReflectiveOperationException {
    switch (call) {
      case "scheduleActivityTask":
        issuing.carries(contents.activity((MessageOrBuilder) get(arguments[0], "getAttributes")));
        break;
      case "scheduleLocalActivityTask":
        issuing.id((String) get(arguments[0], "getActivityId"));
        issuing.carries(contents.localActivity(payloads(get(arguments[0], "getInput"))));
        break;
      case "startChildWorkflow":
        StartChildWorkflowExecutionCommandAttributesOrBuilder child =
            (StartChildWorkflowExecutionCommandAttributesOrBuilder) get(arguments[0], "getRequest");
        issuing.carries(contents.child(child, child.getMemo(), child.getSearchAttributes()));
        break;
      case "startNexusOperation":
        MessageOrBuilder operation = (MessageOrBuilder) get(arguments[0], "getAttributes");
        boolean hasInput = (Boolean) get(operation, "hasInput");
        issuing.carries(contents.nexusOperation(operation, hasInput ? (Payload) get(operation, "getInput") : null));
        break;
      case "signalExternalWorkflowExecution":
        SignalExternalWorkflowExecutionCommandAttributesOrBuilder signal =
            (SignalExternalWorkflowExecutionCommandAttributesOrBuilder) arguments[0];
        issuing.carries(contents.signal(signal, signal.getExecution()));
        break;
      case "requestCancelExternalWorkflowExecution":
        issuing.carries(contents.cancellation((WorkflowExecution) arguments[0]));
        break;
      case "continueAsNewOnCompletion":
        ContinueAsNewWorkflowExecutionCommandAttributes next =
            (ContinueAsNewWorkflowExecutionCommandAttributes) arguments[0];
        issuing.carries(contents.continuation(next, next.getMemo(), next.getSearchAttributes()));
        break;
      case "upsertSearchAttributes":
        issuing.carries(contents.upsert((SearchAttributes) arguments[0]));
        break;
      case "upsertMemo":
        issuing.carries(contents.upsert((Memo) arguments[0]));
        break;
      default:
        break;
    }
  }

  private static List<Payload> payloads(Object payloads) {
    return payloads == null
        ? java.util.Collections.<Payload>emptyList()
        : ((io.temporal.api.common.v1.Payloads) payloads).getPayloadsList();
  }

  private static Object get(Object of, String getter) throws ReflectiveOperationException {
    Method method = of.getClass().getMethod(getter);
    method.setAccessible(true);
    return method.invoke(of);
  }
}
