/** Ends the replayer before it can judge anything. Said once, with a hint. */
export class Fatal extends Error {
  override readonly name = 'Fatal';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
