package temporalreplaygate;

import com.google.protobuf.MessageOrBuilder;
import io.temporal.api.common.v1.Memo;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.SearchAttributes;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.common.converter.DataConverter;
import io.temporal.payload.codec.PayloadCodec;
import io.temporal.payload.context.WorkflowSerializationContext;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What commands carry, read from what the SDK is about to send. */
final class Contents {
  /** Encodings of the SDK's own converters. The parent has the same list. */
  private static final Set<String> PLAIN =
      new HashSet<>(Arrays.asList("json/plain", "json/protobuf", "binary/plain", "binary/protobuf", "binary/null"));

  /** In the order of their numbers in Temporal's API. The default is left empty. */
  private static final String[] PARENT_CLOSE_POLICIES = {"TERMINATE", "TERMINATE", "ABANDON", "REQUEST_CANCEL"};

  private static final String[] ID_REUSE_POLICIES = {
    "ALLOW_DUPLICATE", "ALLOW_DUPLICATE", "ALLOW_DUPLICATE_FAILED_ONLY", "REJECT_DUPLICATE", "TERMINATE_IF_RUNNING"
  };

  private final DataConverter converter;
  private final boolean isSteady;

  /** @param converter of the worker */
  Contents(DataConverter converter) {
    this.converter = converter;
    this.isSteady = isSteady(converter);
  }

  Map<String, Object> timer(Duration length) {
    return tell(to -> to.duration("startToFireTimeout", length.getSeconds(), length.getNano()));
  }

  Map<String, Object> activity(MessageOrBuilder of) {
    return tell(
        to ->
            to.payloads("argument", of, "input")
                .taskQueue(of, ownTaskQueue())
                .durations(of, "schedule_to_close_timeout", "schedule_to_start_timeout", "start_to_close_timeout", "heartbeat_timeout")
                .retryPolicy(of)
                .priority(of));
  }

  Map<String, Object> localActivity(List<Payload> arguments) {
    return tell(to -> to.payloads("argument", arguments));
  }

  Map<String, Object> child(MessageOrBuilder of, Memo memo, SearchAttributes attributes) {
    return tell(
        to ->
            to.payloads("argument", of, "input")
                .taskQueue(of, ownTaskQueue())
                .durations(of, "workflow_execution_timeout", "workflow_run_timeout", "workflow_task_timeout")
                .word(of, "parent_close_policy", PARENT_CLOSE_POLICIES)
                .word(of, "workflow_id_reuse_policy", ID_REUSE_POLICIES)
                .retryPolicy(of)
                .option(of, "cron_schedule")
                .payloadMap("memo", memo.getFieldsMap())
                .payloadMap("search attribute", attributes.getIndexedFieldsMap())
                .priority(of));
  }

  Map<String, Object> nexusOperation(MessageOrBuilder of, Payload input) {
    return tell(
        to -> {
          if (input != null) to.payload("input", input);
          to.option(of, "endpoint")
              .option(of, "service")
              .durations(of, "schedule_to_close_timeout", "schedule_to_start_timeout", "start_to_close_timeout");
        });
  }

  Map<String, Object> signal(MessageOrBuilder of, WorkflowExecution target) {
    return tell(to -> to.payloads("argument", of, "input").secret("target Workflow ID", target.getWorkflowId()));
  }

  Map<String, Object> cancellation(WorkflowExecution target) {
    return tell(to -> to.secret("target Workflow ID", target.getWorkflowId()));
  }

  Map<String, Object> continuation(MessageOrBuilder of, Memo memo, SearchAttributes attributes) {
    return tell(
        to ->
            to.payloads("argument", of, "input")
                .taskQueue(of, ownTaskQueue())
                .durations(of, "workflow_run_timeout", "workflow_task_timeout", "backoff_start_interval")
                .payloadMap("memo", memo.getFieldsMap())
                .payloadMap("search attribute", attributes.getIndexedFieldsMap()));
  }

  Map<String, Object> upsert(SearchAttributes attributes) {
    return tell(to -> to.payloadMap("search attribute", attributes.getIndexedFieldsMap()));
  }

  Map<String, Object> upsert(Memo memo) {
    return tell(to -> to.payloadMap("memo", memo.getFieldsMap()));
  }

  /** The result of a workflow or an update. */
  Map<String, Object> result(Object value) {
    return tell(
        to -> {
          Optional<io.temporal.api.common.v1.Payloads> payloads = inContext().toPayloads(new Object[] {value});
          if (payloads.isPresent()) to.payload("result", payloads.get().getPayloads(0));
        });
  }

  /** For a workflow whose method returns nothing. */
  Map<String, Object> noResult() {
    return tell(to -> {});
  }

  Map<String, Object> failure(Throwable thrown) {
    return tell(to -> to.failure(inContext().exceptionToFailure(thrown)));
  }

  /** Null where it is unknown. The SDK itself reports values that no converter takes. */
  private Map<String, Object> tell(Consumer<Carried> add) {
    try {
      Carried to = new Carried(this::beforeCodec);
      add.accept(to);
      return to.told();
    } catch (RuntimeException error) {
      return null;
    }
  }

  private DataConverter inContext() {
    WorkflowInfo info = Workflow.getInfo();
    return converter.withContext(new WorkflowSerializationContext(info.getNamespace(), info.getWorkflowId()));
  }

  private static String ownTaskQueue() {
    return Workflow.getInfo().getTaskQueue();
  }

  /**
   * The application's own encoding is compared as it is, if it always makes the same payload of the same value. One
   * that encrypts would differ from history without any change.
   */
  private Payload beforeCodec(Payload payload) {
    if (PLAIN.contains(Payloads.metadata(payload, "encoding"))) return payload;
    if (!(converter instanceof PayloadCodec)) return isSteady ? payload : null;
    List<Payload> decoded = ((PayloadCodec) converter).decode(Collections.singletonList(payload));
    return decoded.size() == 1 ? decoded.get(0) : null;
  }

  private static boolean isSteady(DataConverter converter) {
    try {
      return converter.toPayload("probe").equals(converter.toPayload("probe"));
    } catch (RuntimeException error) {
      return false;
    }
  }
}
