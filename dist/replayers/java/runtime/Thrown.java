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

  /** Of the innermost cause: the class and what it says. */
  static String words(Throwable thrown) {
    Throwable innermost = thrown;
    for (int depth = 0; depth < 50 && innermost.getCause() != null; depth++) {
      innermost = innermost.getCause();
    }
    return innermost.toString();
  }
}
