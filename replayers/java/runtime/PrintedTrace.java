package temporalreplaygate;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An error with its causes, as {@link Throwable#printStackTrace} writes them. */
final class PrintedTrace {
  /** The first line of a printed trace, and of each cause: the class and its message. */
  private static final Pattern THROWN =
      Pattern.compile("^(?:.*?, error=|Caused by: )([\\w.$]+)(?:: ((?s:.*?)))?(?=\\n\\s+at |\\n\\s*\\.\\.\\. |\\nCaused by: |\\z)", Pattern.MULTILINE);

  private static final String NONDETERMINISM = "io.temporal.worker.NonDeterministicException";

  /** What {@code getVersion} throws for a version in history that the code does not support. */
  private static final Pattern UNSUPPORTED_VERSION = Pattern.compile("^io\\.temporal\\..*\\bUnsupportedVersion\\b");

  /** The same where the worker's options let every exception fail the workflow. */
  private static final Pattern FAILS_THE_WORKFLOW =
      Pattern.compile(
          "^io\\.temporal\\..*\\bWorkflowExecutionException: (?:\\[TMPRL1100\\]|Failure handling event \\d+ of type )");

  /** What the SDK throws for an update in history that has no handler any more. No line of the code throws it. */
  private static final Pattern UNKNOWN_UPDATE =
      Pattern.compile("\\A.*IllegalArgumentException: Unknown update name: .*\\R\\s+at io\\.temporal\\.internal\\.sync\\.UpdateDispatcher\\.");

  /** A line of a stack: the class and the method, without the name of a module. */
  private static final Pattern FRAME = Pattern.compile("^\\s+at (?:[^\\s(]*/)?([^\\s(/]+)\\(", Pattern.MULTILINE);

  /** The SDK's state machines, and what gives events to them. */
  private static final Pattern STATE_MACHINE = Pattern.compile("^io\\.temporal\\.internal\\.(?:statemachines|replay)\\.");

  /** The history, or this release of the SDK, is to blame. */
  private static final Pattern OF_HISTORY =
      Pattern.compile(
          "Unknown SDK flag|History is out of order|Premature end of stream|first event is not WorkflowExecutionStarted"
              + "|PotentialDeadlockException|TMPRL1101");

  private final String text;
  private final List<Thrown> causes;

  private PrintedTrace(String text, List<Thrown> causes) {
    this.text = text;
    this.causes = causes;
  }

  /** One of the errors. */
  private static final class Thrown {
    private final String type;
    private final String message;
    /** From its first line to that of the next. */
    private final String part;

    private Thrown(String type, String message, String part) {
      this.type = type;
      this.message = message == null ? "" : message.trim();
      this.part = part;
    }

    private String words() {
      return message.isEmpty() ? type : type + ": " + message;
    }

    private boolean isDifference() {
      return type.equals(NONDETERMINISM)
          || UNSUPPORTED_VERSION.matcher(type).find()
          || FAILS_THE_WORKFLOW.matcher(words()).find()
          || UNKNOWN_UPDATE.matcher(part).find();
    }
  }

  /** Null where the text has none. */
  static PrintedTrace parse(String text) {
    List<Thrown> causes = new ArrayList<>();
    List<Integer> starts = new ArrayList<>();
    Matcher parts = THROWN.matcher(text);
    while (parts.find()) starts.add(parts.start());
    parts.reset();
    for (int index = 0; parts.find(); index++) {
      int end = index + 1 < starts.size() ? starts.get(index + 1) : text.length();
      causes.add(new Thrown(parts.group(1), parts.group(2), text.substring(parts.start(), end)));
    }
    return causes.isEmpty() ? null : new PrintedTrace(text, causes);
  }

  String text() {
    return text;
  }

  /** The innermost error. */
  String words() {
    return last().words();
  }

  boolean isOfHistory() {
    return causes.stream().anyMatch(cause -> OF_HISTORY.matcher(cause.words()).find());
  }

  /** The application's line that threw; nowhere where the code did not. */
  Place place() {
    Place place = Place.in(last().part);
    return place.isKnown() ? place : Place.in(text);
  }

  /** How the SDK says that code and history differ; null where it does not say that. */
  String difference() {
    for (Thrown cause : causes) {
      if (cause.isDifference()) return withoutDump(cause.words());
    }
    boolean isRefused = isThrownByStateMachine(last().part) && !Place.in(last().part).isKnown();
    if (!isRefused || isOfHistory()) return null;
    StringBuilder words = new StringBuilder();
    for (Thrown cause : causes) {
      // The one around it names the event.
      if (cause != last() && !cause.type.endsWith(".InternalWorkflowTaskException")) continue;
      if (words.length() > 0) words.append(' ');
      words.append(withoutDump(cause == last() ? cause.words() : cause.message));
    }
    return words.toString();
  }

  /** They expected another command for an event, or none. Checks of libraries stand before them. */
  private static boolean isThrownByStateMachine(String part) {
    Matcher frames = FRAME.matcher(part);
    while (frames.find()) {
      String frame = frames.group(1);
      if (frame.startsWith("java.") || frame.startsWith("com.google.common.")) continue;
      return STATE_MACHINE.matcher(frame).find();
    }
    return false;
  }

  private Thrown last() {
    return causes.get(causes.size() - 1);
  }

  /** The SDK writes whole events, with their payloads, and the way of a state machine. */
  private static String withoutDump(String words) {
    String first = words.split("\\R", 2)[0];
    return first
        .replaceAll("\\bevent_id: (\\d+)$", "event $1")
        .replaceAll(", transition history is .*$", "")
        .replaceAll("\\s*\\{WorkflowTaskStartedEventId=.*$", "")
        .trim();
  }
}
