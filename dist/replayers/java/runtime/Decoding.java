package temporalreplaygate;

import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.Payloads;
import io.temporal.api.history.v1.History;
import io.temporal.common.converter.DataConverter;
import io.temporal.workflow.Workflow;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Watches the worker's converter for payloads of history that it cannot decode. Nothing else tells them: the SDK drops
 * a signal with only a line in its log, and its error names no argument and no line of the code.
 */
final class Decoding {
  private static final String NO_CONVERTER = "No PayloadConverter is registered for an encoding";

  private final HandlerPlaces places;
  private final List<Undecoded> noted = new ArrayList<>();
  /** Where the code called what gave a result that could not be decoded. */
  private final Map<Throwable, Place> calls = new IdentityHashMap<>();
  private PayloadOwners owners = new PayloadOwners(History.getDefaultInstance());

  Decoding(HandlerPlaces places) {
    this.places = places;
  }

  /** A payload that could not be decoded. */
  static final class Undecoded {
    private final Throwable thrown;
    private final Map<String, Object> told = new LinkedHashMap<>();

    private Undecoded(Throwable thrown) {
      this.thrown = thrown;
    }

    String reason() {
      return String.valueOf(told.get("reason"));
    }
  }

  /** Forgets the history before. */
  synchronized void begin(History history) {
    noted.clear();
    calls.clear();
    owners = new PayloadOwners(history);
  }

  synchronized void calledAt(Throwable failure, Place place) {
    calls.put(failure, place);
  }

  /** The one whose error is in this printed trace; null where there is none. */
  synchronized Undecoded in(String trace) {
    for (int index = noted.size() - 1; index >= 0; index--) {
      if (trace.contains(noted.get(index).thrown.toString())) return noted.get(index);
    }
    return null;
  }

  /** What says that a payload has an encoding that nothing here knows; null where there is none. */
  synchronized String unknownEncoding() {
    for (Undecoded one : noted) {
      for (Throwable at = one.thrown; at != null && at.getCause() != at; at = at.getCause()) {
        if (String.valueOf(at.getMessage()).contains(NO_CONVERTER)) return one.reason();
      }
    }
    return null;
  }

  synchronized void into(Map<String, Object> result) {
    List<Object> told = new ArrayList<>();
    for (Undecoded one : noted) told.add(told(one));
    if (!told.isEmpty()) result.put("undecoded", told);
  }

  /** Only this one. */
  synchronized void into(Map<String, Object> result, Undecoded one) {
    result.put("undecoded", Collections.singletonList(told(one)));
  }

  private Map<String, Object> told(Undecoded one) {
    Place call = calls.get(one.thrown);
    if (call != null) call.into(one.told);
    return one.told;
  }

  /** The same converter, watched. It is a proxy, because releases of the SDK have different methods. */
  DataConverter watching(DataConverter converter) {
    return RecordingInterceptor.proxy(
        DataConverter.class, (proxy, method, arguments) -> called(converter, method, arguments));
  }

  private Object called(DataConverter converter, Method method, Object[] arguments) throws Throwable {
    Object answer;
    try {
      answer = RecordingInterceptor.invoke(converter, method, arguments == null ? new Object[0] : arguments);
    } catch (Throwable thrown) {
      if (method.getName().startsWith("fromPayload")) note(converter, arguments, thrown);
      throw thrown;
    }
    return method.getName().equals("withContext") ? watching((DataConverter) answer) : answer;
  }

  private synchronized void note(DataConverter converter, Object[] arguments, Throwable thrown) {
    try {
      if (!WorkflowThreads.isBeingClosed()) noted.add(undecoded(converter, arguments, thrown));
    } catch (RuntimeException | LinkageError error) {
      // Then the SDK's own error has to do.
    }
  }

  private Undecoded undecoded(DataConverter converter, Object[] arguments, Throwable thrown) {
    Payloads content = contentOf(arguments);
    boolean isInput = arguments.length == 3 && arguments[1] instanceof Class<?>[];
    int index = isInput ? failingArgument(converter, content, arguments) : -1;
    List<Payload> payloads = index < 0 ? content.getPayloadsList() : content.getPayloadsList().subList(index, index + 1);
    PayloadOwners.Owner owner = owners.ownerOf(content, isInput);
    Undecoded undecoded = new Undecoded(thrown);
    undecoded.told.put("of", owner.of);
    undecoded.told.put("name", owner.name);
    if (index >= 0) undecoded.told.put("argument", index + 1);
    undecoded.told.put("reason", Reason.of(thrown, payloads));
    undecoded.told.put("historyLength", Workflow.getInfo().getHistoryLength());
    placeOf(owner, index).into(undecoded.told);
    return undecoded;
  }

  private Place placeOf(PayloadOwners.Owner owner, int index) {
    String type = Workflow.getInfo().getWorkflowType();
    switch (owner.of) {
      case "workflow":
        return places.ofWorkflow(type).parameter(index);
      case "signal":
      case "update":
        return places.of(type, owner.of, owner.name).parameter(index);
      default:
        return Place.current();
    }
  }

  private static Payloads contentOf(Object[] arguments) {
    for (Object argument : arguments) {
      if (argument instanceof Payload) return Payloads.newBuilder().addPayloads((Payload) argument).build();
      if (argument instanceof Optional<?> && ((Optional<?>) argument).isPresent()) {
        return (Payloads) ((Optional<?>) argument).get();
      }
    }
    return Payloads.getDefaultInstance();
  }

  /** Which one it is can only be seen by decoding each alone. */
  private static int failingArgument(DataConverter converter, Payloads content, Object[] arguments) {
    Class<?>[] classes = (Class<?>[]) arguments[1];
    Type[] types = (Type[]) arguments[2];
    for (int index = 0; index < Math.min(classes.length, content.getPayloadsCount()); index++) {
      try {
        converter.fromPayload(content.getPayloads(index), classes[index], types[index]);
      } catch (RuntimeException error) {
        return index;
      }
    }
    return -1;
  }
}
