package temporalreplaygate;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.temporal.api.common.v1.Payloads;
import io.temporal.api.history.v1.History;
import io.temporal.api.history.v1.HistoryEvent;
import java.util.Map;

/** What the payloads of a history belong to. */
final class PayloadOwners {
  private static final String CALLBACK_OF_SIGNAL = "signal ";
  private static final String CALLBACK_OF_UPDATE = "update ";

  private final History history;

  PayloadOwners(History history) {
    this.history = history;
  }

  /** In the words of the replayer protocol. */
  static final class Owner {
    final String of;
    final String name;

    private Owner(String of, String name) {
      this.of = of;
      this.name = name;
    }
  }

  /** @param isInput whether it is decoded for all parameters of a method */
  Owner ownerOf(Payloads content, boolean isInput) {
    if (isInput) return ofInput(content);
    for (HistoryEvent event : history.getEventsList()) {
      String result = resultIn(event, content);
      if (result != null && !isAskedByCode()) return new Owner("result", result);
    }
    return new Owner("other", "");
  }

  /** The SDK's thread for a signal or an update has its name. A signal that came before its handler has none. */
  private Owner ofInput(Payloads content) {
    String thread = Thread.currentThread().getName();
    if (thread.startsWith(CALLBACK_OF_UPDATE)) return new Owner("update", thread.substring(CALLBACK_OF_UPDATE.length()));
    if (thread.startsWith(CALLBACK_OF_SIGNAL)) return new Owner("signal", thread.substring(CALLBACK_OF_SIGNAL.length()));
    if (isIn("io.temporal.internal.sync.SignalDispatcher", "handleSignal")) {
      for (HistoryEvent event : history.getEventsList()) {
        if (!event.hasWorkflowExecutionSignaledEventAttributes()) continue;
        boolean isIt = event.getWorkflowExecutionSignaledEventAttributes().getInput().equals(content);
        if (isIt) return new Owner("signal", event.getWorkflowExecutionSignaledEventAttributes().getSignalName());
      }
    }
    return new Owner("workflow", "");
  }

  /** What gave this as its result, in words; null where this event does not hold it. */
  private String resultIn(HistoryEvent event, Payloads content) {
    if (event.hasActivityTaskCompletedEventAttributes()) {
      if (!event.getActivityTaskCompletedEventAttributes().getResult().equals(content)) return null;
      HistoryEvent scheduled = eventOf(event.getActivityTaskCompletedEventAttributes().getScheduledEventId());
      return "activity " + scheduled.getActivityTaskScheduledEventAttributes().getActivityType().getName();
    }
    if (event.hasChildWorkflowExecutionCompletedEventAttributes()) {
      if (!event.getChildWorkflowExecutionCompletedEventAttributes().getResult().equals(content)) return null;
      return "child workflow " + event.getChildWorkflowExecutionCompletedEventAttributes().getWorkflowType().getName();
    }
    if (event.hasMarkerRecordedEventAttributes()) {
      Map<String, Payloads> details = event.getMarkerRecordedEventAttributes().getDetailsMap();
      if (!details.containsValue(content)) return null;
      boolean isLocal = event.getMarkerRecordedEventAttributes().getMarkerName().equals("LocalActivity");
      return isLocal ? "local activity " + typeIn(details.get("type")) : "a side effect";
    }
    // Releases of the SDK that know no Nexus do not have these attributes.
    FieldDescriptor nexus = event.getDescriptorForType().findFieldByName("nexus_operation_completed_event_attributes");
    if (nexus == null || !event.hasField(nexus) || content.getPayloadsCount() != 1) return null;
    Message completed = (Message) event.getField(nexus);
    Object result = completed.getField(completed.getDescriptorForType().findFieldByName("result"));
    return content.getPayloads(0).equals(result) ? "a Nexus operation" : null;
  }

  /** The SDK writes it as JSON, whatever the converter is. */
  private static String typeIn(Payloads written) {
    boolean isThere = written != null && written.getPayloadsCount() == 1;
    return isThere ? written.getPayloads(0).getData().toStringUtf8().replace("\"", "") : "";
  }

  private HistoryEvent eventOf(long id) {
    for (HistoryEvent event : history.getEventsList()) if (event.getEventId() == id) return event;
    return HistoryEvent.getDefaultInstance();
  }

  /** Whether the code itself decodes, as with {@code EncodedValues}: then its line tells what. */
  private static boolean isAskedByCode() {
    return isIn("io.temporal.common.converter.EncodedValues", null);
  }

  private static boolean isIn(String className, String method) {
    for (StackTraceElement frame : new Throwable().getStackTrace()) {
      boolean isIt = frame.getClassName().equals(className) && (method == null || frame.getMethodName().equals(method));
      if (isIt) return true;
    }
    return false;
  }
}
