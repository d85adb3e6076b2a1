package temporalreplaygate;

/** Ends the replayer before it can judge anything: said once, with what helps. */
final class Fatal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  final String hint;

  Fatal(String message, String hint) {
    super(message);
    this.hint = hint;
  }
}
