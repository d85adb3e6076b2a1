/** The errors that the SDK logged last. Replay results have only a dump of them. */
class LastErrors {
  private errors: Error[] = [];
  private messages: string[] = [];

  note(message: string, meta: Record<string | symbol, unknown> | undefined): void {
    const error = meta?.['error'] ?? meta?.['err'];
    if (error instanceof Error || isErrorLike(error)) this.errors.push(error);
    this.messages.push(message);
    if (this.messages.length > 50) this.messages.shift();
    if (this.errors.length > 50) this.errors.shift();
  }

  /** The errors since the last call, oldest first. */
  take(): Error[] {
    return this.errors.splice(0);
  }

  /** The logged messages since the last call, oldest first. */
  takeMessages(): string[] {
    return this.messages.splice(0);
  }
}

/** Errors of the workflow's context come from another realm, so `instanceof Error` is false. */
function isErrorLike(value: unknown): value is Error {
  return (
    typeof value === 'object' &&
    value !== null &&
    'message' in value &&
    typeof value.message === 'string'
  );
}

export const lastErrors = new LastErrors();
