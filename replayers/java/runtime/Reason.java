package temporalreplaygate;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.temporal.api.common.v1.Payload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why a payload could not be decoded. Converters quote what they read, and nothing of it may leave this process. */
final class Reason {
  private static final int MAX_TEXT = 300;
  /** More values than an argument has. */
  private static final int MAX_VALUES = 20_000;
  /** Converters cut long values. */
  private static final int MAX_WHOLE = 40;
  private static final String LEFT_OUT = "\u2026";

  private Reason() {}

  /** The innermost cause: its class, its message without values of the payload, and the field that it names. */
  static String of(Throwable thrown, List<Payload> payloads) {
    Throwable cause = Thrown.innermost(thrown);
    String name = cause.getClass().getSimpleName();
    String message = cause.getMessage();
    if (message == null || message.trim().isEmpty()) return name;
    String first = message.trim().split("\\R", 2)[0].replaceAll("when parsing:\".*?\" into", "into");
    // What follows is the document itself.
    int document = first.indexOf("{\"");
    if (document >= 0) first = first.substring(0, document) + LEFT_OUT;
    String words = withoutValues(Carried.cut(first, MAX_TEXT), payloads);
    return name + ": " + words.replaceAll("[.\\s]+$", "") + field(cause);
  }

  private static String withoutValues(String text, List<Payload> payloads) {
    String left = text;
    for (String value : values(payloads)) {
      if (value.length() > MAX_WHOLE) {
        int at = left.indexOf(value.substring(0, MAX_WHOLE));
        if (at >= 0) left = left.substring(0, at) + LEFT_OUT;
      } else if (left.contains(value)) {
        // Names of classes have dots before them, and may be values too.
        Pattern alone = Pattern.compile("(?<![\\p{L}\\p{N}_.$])" + Pattern.quote(value) + "(?![\\p{L}\\p{N}_])");
        left = alone.matcher(left).replaceAll(Matcher.quoteReplacement(LEFT_OUT));
      }
    }
    return left;
  }

  /** The texts and numbers of JSON. Of anything else, every word. The longest first. */
  private static List<String> values(List<Payload> payloads) {
    List<String> values = new ArrayList<>();
    for (Payload payload : payloads) {
      String text = payload.getData().toString(StandardCharsets.UTF_8);
      try {
        JsonNode read = new ObjectMapper().readTree(text);
        collect(read, values);
      } catch (IOException | RuntimeException error) {
        for (String word : text.split("[^\\p{L}\\p{N}_]+")) if (values.size() < MAX_VALUES) values.add(word);
      }
    }
    values.removeIf(String::isEmpty);
    values.sort(Comparator.comparingInt(String::length).reversed());
    return values;
  }

  private static void collect(JsonNode node, List<String> to) {
    if (to.size() >= MAX_VALUES) return;
    if (node.isTextual() || node.isNumber()) to.add(node.asText());
    for (JsonNode child : node) collect(child, to);
  }

  /** The field of the application's type. A key of a map belongs to the payload. */
  private static String field(Throwable cause) {
    if (!(cause instanceof JsonMappingException)) return "";
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference at : ((JsonMappingException) cause).getPath()) {
      if (at.getFrom() instanceof Map) path.append("[" + LEFT_OUT + "]");
      else if (at.getFieldName() == null) path.append('[').append(at.getIndex()).append(']');
      else path.append(path.length() == 0 ? "" : ".").append(at.getFieldName());
    }
    return path.length() == 0 ? "" : " (at " + Carried.cut(path.toString(), MAX_TEXT) + ")";
  }
}
