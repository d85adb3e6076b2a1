package temporalreplaygate;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.MessageOrBuilder;
import io.temporal.api.common.v1.Payload;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What a command carries besides its kind and its name, in the protocol's form: options that may be shown, and digests
 * of the rest.
 *
 * <p>It reads messages of Temporal's API by the names of their fields, because releases of the SDK differ.
 */
final class Carried {
  /** Of a command with more fields, nothing is told. */
  private static final int MAX_FIELDS = 200;

  /** Both sides cut longer ones. */
  private static final int MAX_TEXT = 300;

  static final int MAX_NAME = 100;

  /** Causes of a failure that are looked into, one below the other. */
  private static final int MAX_CAUSES = 5;

  /** Fields that are no payloads, and must not be shown either. */
  private static final String TEXT_ENCODING = "text";

  private final Map<String, Object> values = new LinkedHashMap<>();
  private final Map<String, String> digests = new LinkedHashMap<>();
  private final UnaryOperator<Payload> beforeCodec;
  private boolean isHidden;

  /** @param beforeCodec a payload as it was before any codec; null where that is unknown */
  Carried(UnaryOperator<Payload> beforeCodec) {
    this.beforeCodec = beforeCodec;
  }

  /** Null where there are too many fields, or where they cannot be compared. */
  Map<String, Object> told() {
    if (isHidden || values.size() + digests.size() > MAX_FIELDS) return null;
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("values", values);
    told.put("digests", digests);
    return told;
  }

  /** An option that may be shown, unless protobuf cannot tell the value from "not set". */
  Carried value(String name, Object value) {
    boolean isSet =
        value instanceof Number ? ((Number) value).doubleValue() != 0 : value != null && !value.equals("") && !value.equals(false);
    if (isSet) values.put(cut(name, MAX_NAME), value instanceof String ? cut((String) value, MAX_TEXT) : value);
    return this;
  }

  /** In milliseconds, added up as the parent adds them. */
  Carried duration(String name, long seconds, int nanos) {
    return value(name, seconds * 1000 + nanos / 1e6);
  }

  /** Fields that are durations, by the parent's names. */
  Carried durations(MessageOrBuilder of, String... fields) {
    for (String field : fields) duration("", of, field);
    return this;
  }

  private Carried duration(String prefix, MessageOrBuilder of, String field) {
    Object duration = get(of, field);
    if (!(duration instanceof Duration)) return this;
    return duration(prefix + camel(field), ((Duration) duration).getSeconds(), ((Duration) duration).getNanos());
  }

  /** A field that is a text or a number. */
  Carried option(MessageOrBuilder of, String field) {
    return value(camel(field), get(of, field));
  }

  Carried taskQueue(MessageOrBuilder of, String otherwise) {
    Object queue = get(of, "task_queue");
    Object name = queue == null ? "" : get((MessageOrBuilder) queue, "name");
    return value("taskQueue", "".equals(name) ? otherwise : name);
  }

  /** The name of an enum value, by its number in Temporal's API. */
  Carried word(MessageOrBuilder of, String field, String... words) {
    Object number = get(of, field);
    if (!(number instanceof EnumValueDescriptor)) return this;
    int index = ((EnumValueDescriptor) number).getNumber();
    return index < words.length && index >= 0 ? value(camel(field), words[index]) : this;
  }

  Carried retryPolicy(MessageOrBuilder of) {
    Object found = get(of, "retry_policy");
    if (found == null) return this;
    MessageOrBuilder policy = (MessageOrBuilder) found;
    duration("retryPolicy.", policy, "initial_interval");
    value("retryPolicy.backoffCoefficient", get(policy, "backoff_coefficient"));
    duration("retryPolicy.", policy, "maximum_interval");
    value("retryPolicy.maximumAttempts", get(policy, "maximum_attempts"));
    StringBuilder types = new StringBuilder();
    for (Object type : (List<?>) get(policy, "non_retryable_error_types")) {
      types.append(types.length() == 0 ? "" : ", ").append(type);
    }
    return value("retryPolicy.nonRetryableErrorTypes", types.toString());
  }

  /** Only where the release has them. */
  Carried priority(MessageOrBuilder of) {
    Object found = get(of, "priority");
    if (found == null) return this;
    for (String field : new String[] {"priority_key", "fairness_key", "fairness_weight"}) {
      Object value = get((MessageOrBuilder) found, field);
      value("priority." + camel(field), value instanceof Float ? (Object) ((Float) value).doubleValue() : value);
    }
    return this;
  }

  Carried payload(String name, Payload payload) {
    Payload plain = beforeCodec.apply(payload);
    if (plain == null) isHidden = true;
    else digests.put(cut(name, MAX_NAME), Payloads.digest(plain));
    return this;
  }

  /** A field with payloads, which are named from 1. */
  Carried payloads(String noun, MessageOrBuilder of, String field) {
    Object found = get(of, field);
    return found == null ? this : payloads(noun, ((io.temporal.api.common.v1.Payloads) found).getPayloadsList());
  }

  Carried payloads(String noun, List<Payload> payloads) {
    for (int index = 0; index < payloads.size(); index++) payload(noun + " " + (index + 1), payloads.get(index));
    return this;
  }

  Carried payloadMap(String noun, Map<String, Payload> payloads) {
    payloads.forEach((key, payload) -> payload(noun + " " + key, payload));
    return this;
  }

  /** A user's text, which is never shown. */
  Carried secret(String name, String text) {
    if (text.isEmpty()) return this;
    // What UTF-8 cannot encode becomes a question mark, as in protobuf.
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    digests.put(cut(name, MAX_NAME), Payloads.digest(TEXT_ENCODING, content, ""));
    return this;
  }

  Carried failure(io.temporal.api.failure.v1.Failure failure) {
    String noun = "failure";
    for (int depth = 0; depth <= MAX_CAUSES; depth++) {
      // It holds the message and the stack, whose lines differ with each state of the code.
      if (failure.hasEncodedAttributes()) isHidden = true;
      secret(noun + " message", failure.getMessage());
      if (failure.hasApplicationFailureInfo()) {
        value(noun + " type", failure.getApplicationFailureInfo().getType());
        value(noun + " nonRetryable", failure.getApplicationFailureInfo().getNonRetryable());
        payloads(noun + " detail", failure.getApplicationFailureInfo().getDetails().getPayloadsList());
      }
      if (!failure.hasCause()) break;
      failure = failure.getCause();
      noun += " cause";
    }
    return this;
  }

  /** Null where this release has no such field, or where it is a message that is not set. */
  private static Object get(MessageOrBuilder of, String name) {
    FieldDescriptor field = of.getDescriptorForType().findFieldByName(name);
    if (field == null) return null;
    boolean isMessage = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isRepeated();
    return isMessage && !of.hasField(field) ? null : of.getField(field);
  }

  private static String camel(String field) {
    StringBuilder name = new StringBuilder();
    for (String part : field.split("_")) {
      name.append(name.length() == 0 ? part : Character.toUpperCase(part.charAt(0)) + part.substring(1));
    }
    return name.toString();
  }

  static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length);
  }
}
