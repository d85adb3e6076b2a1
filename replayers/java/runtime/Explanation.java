package temporalreplaygate;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a replay failed, and what a worker would do: docs/internals/replay-endings.md has the table. The SDK gives the
 * error only as a printed stack trace, in the message of a {@link RuntimeException}. So this reads that text.
 */
final class Explanation {
  /** Errors that no later replay of this process shows again: by class, why it could not be initialised. */
  private static final Map<String, Explanation> INITIALISERS = new ConcurrentHashMap<>();

  private final String outcome;
  private final String message;
  private final Place place;
  private Decoding decoding;
  private Decoding.Undecoded undecoded;

  private Explanation(String outcome, String message, Place place) {
    this.outcome = outcome;
    this.message = message;
    this.place = place;
  }

  void into(Map<String, Object> result) {
    result.put("outcome", outcome);
    result.put("message", message);
    if (outcome.equals("task-failed")) place.into(result);
    if (decoding == null) return;
    if (undecoded != null) decoding.into(result, undecoded);
    else if (!outcome.equals("task-failed")) decoding.into(result);
  }

  static Explanation of(Throwable thrown, Decoding decoding) {
    String text = thrown.getMessage() == null ? "" : thrown.getMessage();
    // The SDK throws anything else before it runs the code, so it has not judged.
    if (!text.startsWith("query failure for ")) return errored(Thrown.words(thrown));
    PrintedTrace trace = PrintedTrace.parse(text);
    if (trace == null) return errored(text);
    String unknown = decoding.unknownEncoding();
    Explanation explanation = unknown == null ? of(trace, decoding.in(text)) : ofUnknownEncoding(unknown);
    explanation.decoding = decoding;
    return explanation;
  }

  private static Explanation of(PrintedTrace trace, Decoding.Undecoded undecoded) {
    String difference = trace.difference();
    if (difference != null) return new Explanation("nondeterministic", difference, Place.NOWHERE);
    if (trace.isOfHistory()) return errored(trace.words());
    if (undecoded != null) {
      Explanation explanation = new Explanation("task-failed", undecoded.reason(), Place.NOWHERE);
      explanation.undecoded = undecoded;
      return explanation;
    }
    return initialiser(trace, new Explanation("task-failed", trace.words(), trace.place()));
  }

  /** The worker that wrote the history could read it, so our set-up differs and not the code. */
  private static Explanation ofUnknownEncoding(String words) {
    return errored(
        words
            + " (name a public static method that returns the worker's WorkflowClientOptions, with its data "
            + "converter, in the input workflows, or set codec-endpoint to a codec server that decodes before)");
  }

  /** Java says why a class cannot be initialised only to the first who needs it; before Java 17 to nobody else. */
  private static Explanation initialiser(PrintedTrace trace, Explanation told) {
    Matcher first = Pattern.compile("^\\s+at (?:[^\\s(]*/)?([^\\s(]+)\\.<clinit>\\(", Pattern.MULTILINE).matcher(trace.text());
    if (first.find()) INITIALISERS.putIfAbsent(first.group(1), told);
    Matcher later = Pattern.compile("NoClassDefFoundError: Could not initialize class (\\S+)").matcher(trace.text());
    Explanation known = later.find() ? INITIALISERS.get(later.group(1)) : null;
    return known == null ? told : new Explanation(known.outcome, known.message, known.place);
  }

  private static Explanation errored(String words) {
    return new Explanation("errored", words, Place.NOWHERE);
  }
}
