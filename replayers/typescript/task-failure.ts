/** What a workflow task failed with, taken out of the native side's dump of it. */
export interface TaskFailure {
  readonly message: string;
  readonly stack?: string;
}

/** A Rust string literal with its escapes. */
const LITERAL = '"((?:[^"\\\\]|\\\\.)*)"';

/**
 * Reads `Failure { … message: "…", …, stack_trace: "…" … }`, the form in which the SDK hands a workflow
 * task's failure back. Undefined where the text has another form.
 */
export function parseTaskFailure(dump: string): TaskFailure | undefined {
  const message = new RegExp(`\\bmessage: ${LITERAL}`, 'u').exec(dump)?.[1];
  if (message === undefined) return undefined;
  const stack = new RegExp(`\\bstack_trace: ${LITERAL}`, 'u').exec(dump)?.[1];
  return {
    message: unescape(message),
    ...(stack === undefined ? {} : { stack: unescape(stack) }),
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
