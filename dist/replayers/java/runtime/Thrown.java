package temporalreplaygate;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Errors in words. */
final class Thrown {
  private Thrown() {}

  static String trace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  /** The innermost cause: its class and its message. */
  static String words(Throwable thrown) {
    return innermost(thrown).toString();
  }

  static Throwable innermost(Throwable thrown) {
    Throwable innermost = thrown;
    for (int depth = 0; depth < 50 && innermost.getCause() != null; depth++) {
      innermost = innermost.getCause();
    }
    return innermost;
  }
}
