package temporalreplaygate;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A line of the application's own code; {@link #NOWHERE} where the stack has none. */
final class Place {
  static final Place NOWHERE = new Place(null, 0);

  /** A frame as {@link Throwable#printStackTrace} writes it: class, file, line. */
  private static final Pattern FRAME =
      Pattern.compile("^\\s+at (?:[^\\s(]*/)?([^\\s(/]+)\\.[^\\s.(]+\\(([^:()]+):(\\d+)\\)$", Pattern.MULTILINE);

  /** Lines that a method's declaration may have before the first statement, comments included. */
  private static final int MAX_HEAD = 40;

  private final String file;
  private final int line;

  private Place(String file, int line) {
    this.file = file;
    this.line = line;
  }

  boolean isKnown() {
    return file != null;
  }

  void into(Map<String, Object> message) {
    if (file == null) return;
    message.put("file", file);
    message.put("line", line);
  }

  /** The innermost line of the application on this thread's stack. */
  static Place current() {
    return in(new Throwable().getStackTrace());
  }

  static Place in(StackTraceElement[] frames) {
    for (StackTraceElement frame : frames) {
      Place place = at(frame.getClassName(), frame.getFileName(), frame.getLineNumber());
      if (place.isKnown()) return place;
    }
    return NOWHERE;
  }

  /** The same, in a printed trace. */
  static Place in(String trace) {
    Matcher frames = FRAME.matcher(trace);
    while (frames.find()) {
      Place place = at(frames.group(1), frames.group(2), Integer.parseInt(frames.group(3)));
      if (place.isKnown()) return place;
    }
    return NOWHERE;
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

  private static Place at(String className, String fileName, int line) {
    if (line <= 0) return NOWHERE;
    String file = Sources.of(className, fileName);
    return file == null ? NOWHERE : new Place(file, line);
  }
}
