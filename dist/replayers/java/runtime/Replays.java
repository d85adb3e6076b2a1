package temporalreplaygate;

import com.fasterxml.jackson.databind.JsonNode;
import io.temporal.api.history.v1.History;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.WorkflowReplayer;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Judges one history after the other. */
final class Replays {
  private final Application application;

  Replays(Application application) {
    this.application = application;
  }

  Map<String, Object> replay(JsonNode message) {
    long started = System.nanoTime();
    Recording recording = message.path("record").asBoolean() ? new Recording() : null;
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("type", "result");
    result.put("id", message.path("id").asText());
    application.recorder.recording = recording;
    if (recording != null) Chance.shift();
    try {
      History history = History.parseFrom(Base64.getDecoder().decode(message.path("history").asText()));
      application.decoding.begin(history);
      judge(history, message.path("workflowId").asText(), result);
      if (recording != null) recording.into(result, history);
    } catch (Throwable thrown) {
      // No fault of the code: the history cannot be read, or the replayer has a fault.
      result.put("outcome", "errored");
      result.put("message", Thrown.words(thrown));
    } finally {
      application.recorder.recording = null;
      if (recording != null) recording.close();
      if (recording != null) Chance.restore();
    }
    result.put("durationMs", (System.nanoTime() - started) / 1_000_000.0);
    return result;
  }

  /** The SDK's answer. Only a replay of the whole history without an error passes. */
  private void judge(History history, String workflowId, Map<String, Object> result) {
    try {
      WorkflowReplayer.replayWorkflowExecution(
          new WorkflowExecutionHistory(history, workflowId), application.worker);
      result.put("outcome", "passed");
      application.decoding.into(result);
    } catch (Throwable thrown) {
      Explanation.of(thrown, application.decoding).into(result);
    }
  }
}
