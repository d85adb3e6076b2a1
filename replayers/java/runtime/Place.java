package temporalreplaygate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A line of the application's own code and its callers; {@link #NOWHERE} where the stack has none. */
final class Place {
  static final Place NOWHERE = new Place(null, 0);

  /** The protocol takes no more. */
  private static final int MAX_CALLERS = 16;

  /** A frame as {@link Throwable#printStackTrace} writes it: class, file, line. */
  private static final Pattern FRAME =
      Pattern.compile("^\\s+at (?:[^\\s(]*/)?([^\\s(/]+)\\.[^\\s.(]+\\(([^:()]+):(\\d+)\\)$", Pattern.MULTILINE);

  /** Lines that a method's declaration may have before the first statement, comments included. */
  private static final int MAX_HEAD = 40;

  private final String file;
  private final int line;
  /** The application's lines that called this one, from the innermost outwards. */
  private final List<Place> callers;

  private Place(String file, int line) {
    this(file, line, Collections.<Place>emptyList());
  }

  private Place(String file, int line, List<Place> callers) {
    this.file = file;
    this.line = line;
    this.callers = callers;
  }

  boolean isKnown() {
    return file != null;
  }

  void into(Map<String, Object> message) {
    if (file == null) return;
    message.put("file", file);
    message.put("line", line);
    if (callers.isEmpty()) return;
    List<Object> told = new ArrayList<>();
    for (Place caller : callers) {
      Map<String, Object> frame = new LinkedHashMap<>();
      caller.into(frame);
      told.add(frame);
    }
    message.put("callers", told);
  }

  /** The line that called all others. */
  Place outermost() {
    return callers.isEmpty() ? this : callers.get(callers.size() - 1);
  }

  /** The innermost line of the application on this thread's stack. */
  static Place current() {
    return in(new Throwable().getStackTrace());
  }

  static Place in(StackTraceElement[] frames) {
    List<Place> places = new ArrayList<>();
    for (StackTraceElement frame : frames) {
      Place place = at(frame.getClassName(), frame.getFileName(), frame.getLineNumber());
      if (place.isKnown()) places.add(place);
    }
    return of(places);
  }

  /** The same, in a printed trace: in that of the first exception with a line of the application. */
  static Place in(String trace) {
    for (String part : trace.split("\nCaused by: ")) {
      List<Place> places = new ArrayList<>();
      Matcher frames = FRAME.matcher(part);
      while (frames.find()) {
        Place place = at(frames.group(1), frames.group(2), Integer.parseInt(frames.group(3)));
        if (place.isKnown()) places.add(place);
      }
      if (!places.isEmpty()) return of(places);
    }
    return NOWHERE;
  }

  private static Place of(List<Place> places) {
    if (places.isEmpty()) return NOWHERE;
    Place innermost = places.get(0);
    int end = Math.min(places.size(), MAX_CALLERS + 1);
    return new Place(innermost.file, innermost.line, new ArrayList<>(places.subList(1, end)));
  }

  /**
   * Where a method is declared: the nearest line above its first statement that looks like the declaration; else the line
   * of that statement.
   */
  static Place ofMethod(String className, String fileName, int firstLine, String method) {
    Place first = at(className, fileName, firstLine);
    if (!first.isKnown()) return first;
    Pattern declaration =
        Pattern.compile(
            "^(?!\\s*(?:return|throw|else)\\b)\\s*[\\w@][^.=;(]*[\\s>\\]]" + Pattern.quote(method) + "\\s*\\(");
    List<String> lines = Sources.lines(first.file);
    for (int line = Math.min(firstLine, lines.size()); line > Math.max(0, firstLine - MAX_HEAD); line--) {
      if (declaration.matcher(lines.get(line - 1)).find()) return new Place(first.file, line);
    }
    return first;
  }

  /**
   * The line of a parameter of the method that is declared here; this line where the source does not tell.
   *
   * @param index from 0; negative: of none
   */
  Place parameter(int index) {
    if (!isKnown() || index < 0) return this;
    List<String> lines = Sources.lines(file);
    int depth = 0;
    int at = 0;
    boolean isAwaited = true;
    for (int number = line; number <= Math.min(lines.size(), line + MAX_HEAD); number++) {
      for (char character : lines.get(number - 1).toCharArray()) {
        if (character == ')' || character == '>') depth--;
        if (character == ')' && depth == 0) return this;
        if (depth == 1 && character == ',') {
          at++;
          isAwaited = true;
        } else if (depth >= 1 && isAwaited && !Character.isWhitespace(character)) {
          if (at == index) return new Place(file, number);
          isAwaited = false;
        }
        // Before the parameters, there are type parameters of the method.
        if (character == '(' || (character == '<' && depth > 0)) depth++;
        if (character == '>' && depth < 0) depth = 0;
      }
    }
    return this;
  }

  private static Place at(String className, String fileName, int line) {
    if (line <= 0) return NOWHERE;
    String file = Sources.of(className, fileName);
    return file == null ? NOWHERE : new Place(file, line);
  }
}
