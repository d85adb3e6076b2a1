/** The failure of a workflow task, read from the SDK's native dump of it. */
export interface TaskFailure {
  readonly message: string;
  /** Of the failure, then of its causes: an unhandled rejection has the user's frames only there. */
  readonly stack?: string;
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
