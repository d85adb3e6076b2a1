import type { FailedTask } from './failed-task.js';

/** What the SDK says of a task that failed: newer releases, and those before. */
const FAILED_TASK = /\bprocess(?:ing)? Workflow Activation\b|^Failed to activate workflow$/u;

/** What the SDK logged last. Replay results have only a dump of its errors. */
class LastErrors {
  private failed: FailedTask | undefined;
  private messages: string[] = [];

  note(message: string, meta: Record<string | symbol, unknown> | undefined): void {
    if (FAILED_TASK.test(message) && meta !== undefined && 'error' in meta) {
      this.failed = { thrown: meta['error'] };
    }
    this.messages.push(message);
    if (this.messages.length > 50) this.messages.shift();
  }

  /** The failed task since the last call; the last one where there are several. */
  takeFailed(): FailedTask | undefined {
    const { failed } = this;
    this.failed = undefined;
    return failed;
  }

  /** The logged messages since the last call, oldest first. */
  takeMessages(): string[] {
    return this.messages.splice(0);
  }
}

export const lastErrors = new LastErrors();
