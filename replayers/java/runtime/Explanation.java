package temporalreplaygate;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a replay failed. The SDK gives the error only as a printed stack trace, in the message of a
 * {@link RuntimeException}. So this reads that text.
 */
final class Explanation {
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

  private final String outcome;
  private final String message;
  private final Place place;

  private Explanation(String outcome, String message, Place place) {
    this.outcome = outcome;
    this.message = message;
    this.place = place;
  }

  void into(Map<String, Object> result) {
    result.put("outcome", outcome);
    result.put("message", message);
    if (outcome.equals("task-failed")) place.into(result);
  }

  static Explanation of(Throwable thrown) {
    String text = thrown.getMessage() == null ? "" : thrown.getMessage();
    // The SDK throws anything else before it runs the code, so it has not judged.
    if (!text.startsWith("query failure for ")) return new Explanation("errored", Thrown.words(thrown), Place.NOWHERE);
    Matcher parts = THROWN.matcher(text);
    String last = null;
    String words = null;
    int lastAt = 0;
    while (parts.find()) {
      String says = parts.group(2);
      String described = says == null || says.isEmpty() ? parts.group(1) : parts.group(1) + ": " + says.trim();
      boolean isDifference =
          parts.group(1).equals(NONDETERMINISM)
              || UNSUPPORTED_VERSION.matcher(parts.group(1)).find()
              || (says != null && FAILS_THE_WORKFLOW.matcher(parts.group(1) + ": " + says).find())
              || UNKNOWN_UPDATE.matcher(text.substring(parts.start())).find();
      if (isDifference) return new Explanation("nondeterministic", described, Place.NOWHERE);
      last = parts.group(1);
      words = described;
      lastAt = parts.start();
    }
    if (last == null) return new Explanation("errored", text, Place.NOWHERE);
    if (text.contains("No PayloadConverter is registered for an encoding")) {
      // The worker that wrote the history could read it, so our set-up differs and not the code.
      return new Explanation(
          "errored",
          words
              + " (name a public static method that returns the worker's WorkflowClientOptions, with its data "
              + "converter, in the input workflows, or set codec-endpoint to a codec server that decodes before)",
          Place.NOWHERE);
    }
    if (words.contains("Unknown SDK flag")) return new Explanation("errored", words, Place.NOWHERE);
    Place place = Place.in(text.substring(lastAt));
    if (!place.isKnown()) place = Place.in(text);
    return new Explanation("task-failed", words, place);
  }
}
