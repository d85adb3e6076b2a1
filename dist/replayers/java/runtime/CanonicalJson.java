package temporalreplaygate;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes JSON in one form, so that equal values are equal texts. The parent uses ECMAScript's JSON: numbers are
 * doubles, texts are UTF-16, and keys that look like indices come first. Both sides must agree to the byte, or equal
 * payloads would count as different.
 *
 * <p>It does not recurse, because workflows run on threads with a small stack.
 */
final class CanonicalJson {
  /** How deep JSON may be nested. The parent's own stack allows little more. */
  private static final int MAX_DEPTH = 5000;

  private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");

  private final String text;
  private int at;

  private CanonicalJson(String text) {
    this.text = text;
  }

  /** @return null where the data is no JSON, or is nested too deep */
  static byte[] of(byte[] data) {
    try {
      Object document = new CanonicalJson(Payloads.text(data)).document();
      return written(document).getBytes(StandardCharsets.UTF_8);
    } catch (NoJson error) {
      return null;
    }
  }

  private static final class NoJson extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoJson() {
      super(null, null, false, false);
    }
  }

  /** A literal as written, a {@link List} or a {@link TreeMap}. */
  private Object document() {
    Deque<Object> open = new ArrayDeque<>();
    Deque<String> keys = new ArrayDeque<>();
    while (true) {
      Object value = opened(open, keys);
      if (value == null) continue;
      while (!open.isEmpty()) {
        add(value, open.peek(), keys);
        skip();
        char next = next();
        boolean isList = open.peek() instanceof List;
        if (next == ',') {
          if (!isList) keys.push(key());
          break;
        }
        if (next != (isList ? ']' : '}')) throw new NoJson();
        value = open.pop();
      }
      if (!open.isEmpty()) continue;
      skip();
      if (at < text.length()) throw new NoJson();
      return value;
    }
  }

  /** A complete value; null where it has begun a list or an object. */
  private Object opened(Deque<Object> open, Deque<String> keys) {
    skip();
    char first = peek();
    if (first == '"') return quoted(string());
    if (first != '[' && first != '{') return literal();
    at++;
    skip();
    Object container = first == '[' ? new ArrayList<Object>() : new TreeMap<String, Object>(CanonicalJson::compareKeys);
    if (peek() == (first == '[' ? ']' : '}')) {
      at++;
      return container;
    }
    open.push(container);
    if (open.size() > MAX_DEPTH) throw new NoJson();
    if (first == '{') keys.push(key());
    return null;
  }

  @SuppressWarnings("unchecked")
  private static void add(Object value, Object to, Deque<String> keys) {
    if (to instanceof List) ((List<Object>) to).add(value);
    else ((Map<String, Object>) to).put(keys.pop(), value);
  }

  private String key() {
    skip();
    if (peek() != '"') throw new NoJson();
    String key = string();
    skip();
    if (next() != ':') throw new NoJson();
    return key;
  }

  private String string() {
    StringBuilder units = new StringBuilder();
    at++;
    for (char unit = next(); unit != '"'; unit = next()) {
      if (unit < 0x20) throw new NoJson();
      units.append(unit == '\\' ? escaped() : unit);
    }
    return units.toString();
  }

  private char escaped() {
    char letter = next();
    if (letter == 'u') {
      int unit = 0;
      for (int digits = 0; digits < 4; digits++) {
        char digit = next();
        int value = digit < 0x80 ? Character.digit(digit, 16) : -1;
        if (value < 0) throw new NoJson();
        unit = unit * 16 + value;
      }
      return (char) unit;
    }
    int index = "\"\\/bfnrt".indexOf(letter);
    if (index < 0) throw new NoJson();
    return "\"\\/\b\f\n\r\t".charAt(index);
  }

  private String literal() {
    for (String word : new String[] {"true", "false", "null"}) {
      if (!text.startsWith(word, at)) continue;
      at += word.length();
      return word;
    }
    Matcher number = NUMBER.matcher(text).region(at, text.length());
    if (!number.lookingAt()) throw new NoJson();
    at = number.end();
    return number(Double.parseDouble(number.group()));
  }

  private void skip() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
  }

  private char peek() {
    if (at >= text.length()) throw new NoJson();
    return text.charAt(at);
  }

  private char next() {
    char unit = peek();
    at++;
    return unit;
  }

  private static String written(Object document) {
    StringBuilder to = new StringBuilder();
    Deque<Iterator<?>> open = new ArrayDeque<>();
    Deque<Character> ends = new ArrayDeque<>();
    Object value = document;
    while (true) {
      if (value instanceof String) {
        to.append((String) value);
      } else {
        boolean isList = value instanceof List;
        to.append(isList ? '[' : '{');
        ends.push(isList ? ']' : '}');
        open.push(isList ? ((List<?>) value).iterator() : ((Map<?, ?>) value).entrySet().iterator());
      }
      while (!open.isEmpty() && !open.peek().hasNext()) {
        open.pop();
        to.append(ends.pop());
      }
      if (open.isEmpty()) return to.toString();
      char last = to.charAt(to.length() - 1);
      // A text ends with a quotation mark, so this is no bracket in a text.
      if (last != '[' && last != '{') to.append(',');
      Object item = open.peek().next();
      if (item instanceof Map.Entry) {
        Map.Entry<?, ?> member = (Map.Entry<?, ?>) item;
        to.append(quoted((String) member.getKey())).append(':');
        value = member.getValue();
      } else {
        value = item;
      }
    }
  }

  private static String quoted(String units) {
    StringBuilder to = new StringBuilder("\"");
    for (int index = 0; index < units.length(); index++) {
      char unit = units.charAt(index);
      int escape = "\"\\\b\f\n\r\t".indexOf(unit);
      if (escape >= 0) to.append('\\').append("\"\\bfnrt".charAt(escape));
      else if (unit < 0x20 || isAlone(units, index)) to.append(String.format("\\u%04x", (int) unit));
      else to.append(unit);
    }
    return to.append('"').toString();
  }

  /** Half of a surrogate pair, which cannot be encoded. */
  private static boolean isAlone(String units, int index) {
    char unit = units.charAt(index);
    if (Character.isHighSurrogate(unit)) {
      return index + 1 >= units.length() || !Character.isLowSurrogate(units.charAt(index + 1));
    }
    return Character.isLowSurrogate(unit) && (index == 0 || !Character.isHighSurrogate(units.charAt(index - 1)));
  }

  /** Array indices first, as numbers; then the others by their UTF-16 units. */
  private static int compareKeys(String a, String b) {
    long indexA = arrayIndex(a);
    long indexB = arrayIndex(b);
    if (indexA >= 0 && indexB >= 0) return Long.compare(indexA, indexB);
    if (indexA >= 0) return -1;
    return indexB >= 0 ? 1 : a.compareTo(b);
  }

  private static long arrayIndex(String key) {
    if (key.isEmpty() || key.length() > 10 || (key.charAt(0) == '0' && key.length() > 1)) return -1;
    for (int index = 0; index < key.length(); index++) {
      if (key.charAt(index) < '0' || key.charAt(index) > '9') return -1;
    }
    long index = Long.parseLong(key);
    return index < 0xFFFFFFFFL ? index : -1;
  }

  /** As ECMAScript writes a number: the fewest digits that are read as the same number. */
  private static String number(double value) {
    if (Double.isInfinite(value)) return "null";
    if (value == 0) return "0";
    BigDecimal shortest = shortest(Math.abs(value)).stripTrailingZeros();
    String digits = shortest.unscaledValue().toString();
    // The value is 0.DIGITS times ten to this power.
    int power = digits.length() - shortest.scale();
    return (value < 0 ? "-" : "") + withPoint(digits, power);
  }

  private static String withPoint(String digits, int power) {
    if (power > 21 || power <= -6) {
      String rest = digits.length() == 1 ? "" : "." + digits.substring(1);
      return digits.charAt(0) + rest + "e" + (power > 0 ? "+" : "-") + Math.abs(power - 1);
    }
    if (power <= 0) return "0." + zeros(-power) + digits;
    if (power >= digits.length()) return digits + zeros(power - digits.length());
    return digits.substring(0, power) + "." + digits.substring(power);
  }

  private static BigDecimal shortest(double value) {
    BigDecimal exact = new BigDecimal(value);
    RoundingMode[] nearestFirst = {RoundingMode.HALF_EVEN, RoundingMode.DOWN, RoundingMode.UP};
    for (int digits = 1; digits < 17; digits++) {
      for (RoundingMode mode : nearestFirst) {
        BigDecimal rounded = exact.round(new MathContext(digits, mode));
        if (rounded.doubleValue() == value) return rounded;
      }
    }
    return exact.round(new MathContext(17, RoundingMode.HALF_EVEN));
  }

  private static String zeros(int count) {
    StringBuilder zeros = new StringBuilder();
    for (int index = 0; index < count; index++) zeros.append('0');
    return zeros.toString();
  }
}
