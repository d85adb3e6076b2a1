/** The failure of a workflow task, read from the SDK's native dump of it. */
export interface TaskFailure {
  readonly message: string;
  /** Of the failure, then of its causes: an unhandled rejection has the user's frames only there. */
  readonly stack?: string;
}

/** What the SDK logged when a task failed: the thrown value itself. */
export interface FailedTask {
  readonly thrown: unknown;
}

/**
 * Why a task failed: the value that was thrown, where the SDK logged it, because a failure converter can encode what
 * the SDK returns. Undefined where it did, and nothing was logged.
 *
 * @param dump the SDK's native dump of the failure
 */
export function failureOf(dump: string, logged: FailedTask | undefined): TaskFailure | undefined {
  const dumped = parseTaskFailure(dump) ?? { message: dump };
  const isEncoded = /\bencoded_attributes: Some\(/u.test(dump);
  if (logged === undefined) return isEncoded ? undefined : dumped;
  const stacks: string[] = [];
  let message: string | undefined;
  for (
    let error = logged.thrown;
    isErrorLike(error) && stacks.length < MAX_CAUSES;
    error = error.cause
  ) {
    message ??= error.message;
    stacks.push(typeof error.stack === 'string' ? error.stack : '');
  }
  if (message !== undefined) return { message, stack: stacks.join('\n') };
  // The SDK makes a sentence of a value that is no error.
  return isEncoded ? { message: String(logged.thrown) } : dumped;
}

const MAX_CAUSES = 20;

/** Errors of the workflow's context come from another realm, so `instanceof Error` is false. */
function isErrorLike(
  value: unknown,
): value is { message: string; stack?: unknown; cause?: unknown } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'message' in value &&
    typeof value.message === 'string'
  );
}

/** A Rust string literal with its escapes. */
const LITERAL = '"((?:[^"\\\\]|\\\\.)*)"';

/**
 * Reads `Failure { … message: "…", …, stack_trace: "…" … }`, the form in which the SDK returns a workflow
 * task's failure. Undefined where the text has another form.
 */
export function parseTaskFailure(dump: string): TaskFailure | undefined {
  const message = new RegExp(`\\bmessage: ${LITERAL}`, 'u').exec(dump)?.[1];
  if (message === undefined) return undefined;
  const stacks = [...dump.matchAll(new RegExp(`\\bstack_trace: ${LITERAL}`, 'gu'))];
  return {
    message: unescape(message),
    ...(stacks.length === 0
      ? {}
      : { stack: stacks.map(([, stack]) => unescape(stack ?? '')).join('\n') }),
  };
}

function unescape(literal: string): string {
  return literal.replace(
    /\\(?:u\{([0-9a-fA-F]+)\}|(.))/gsu,
    (_, code?: string, letter?: string) => {
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
      // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- any letter can be escaped
      switch (letter) {
        case 'n':
          return '\n';
        case 'r':
          return '\r';
        case 't':
          return '\t';
        case '0':
          return '\0';
        default:
          return letter ?? '';
      }
    },
  );
}
