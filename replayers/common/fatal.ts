/** Ends the replayer before it can judge anything: said once, with what helps. */
export class Fatal extends Error {
  override readonly name = 'Fatal';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
