package temporalreplaygate;

/** Ends the replayer before it can judge anything. Said once, with a hint. */
final class Fatal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  final String hint;

  Fatal(String message, String hint) {
    super(message);
    this.hint = hint;
  }
}
