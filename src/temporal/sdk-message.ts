import type { SdkMessage } from '../engine/history-reader.js';
import { withoutInternalPatches } from '../model/internal-patch.js';

/**
 * Reads the error texts of the SDKs that share a core. They are never shown as they are, because they hold debug
 * dumps of native structures.
 */
export function parseSdkMessage(message: string): SdkMessage {
  const failure = message.indexOf('Failure {');
  const said =
    (failure === -1 ? undefined : literalBehind(message, 'message: "', failure)) ??
    literalBehind(message, 'Nondeterminism("') ??
    message;
  const eventId =
    /(?:HistoryEvent|EventInfo)\s*[({]\s*(?:id|event_id):\s*(\d+)/u.exec(said)?.[1] ??
    // Where Go's state machines stop, they name the event in these words.
    /\b(?:history event position |scheduled?EventID: |event ID: )(\d+)\b/u.exec(said)?.[1] ??
    /\bevent (?:id )?(\d+)\b/iu.exec(said)?.[1];
  const core =
    KINDS.map((kind) => behind(said, kind)).find((one) => one !== undefined) ??
    said.replace(/^.*?Details:\s*/su, '');
  const words = withoutDumps(core)
    .replace(/\[TMPRL\d+\]\s*/gu, '')
    .trim();
  return {
    ...(eventId === undefined ? {} : { eventId: Number(eventId) }),
    words: withoutInternalPatches(words),
  };
}

/** How Core begins the texts of its two kinds of errors. */
const KINDS = ['Nondeterminism error:', 'Fatal error in workflow machines:'];

function behind(text: string, start: string): string | undefined {
  const at = text.indexOf(start);
  return at === -1 ? undefined : text.slice(at + start.length).replace(/"$/u, '');
}

/** A text as Rust's `Debug` writes it, behind `start`; one that was cut short ends where the message ends. */
function literalBehind(message: string, start: string, from = 0): string | undefined {
  const at = message.indexOf(start, from);
  if (at === -1) return undefined;
  const literal = /(?:[^"\\]|\\.)*/suy;
  literal.lastIndex = at + start.length;
  return (literal.exec(message)?.[0] ?? '').replace(
    /\\(?:u\{([0-9a-f]{1,6})\}|(.))/gsu,
    (_, code: string | undefined, letter: string | undefined) =>
      code === undefined
        ? (ESCAPED[letter ?? ''] ?? letter ?? '')
        : String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff)),
  );
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0' };

/** Fields that only dumps of Core's structures have. What is behind the first of them tells nobody anything. */
const DUMP =
  /(?:"?,\s*)?\b(?:source: "|stack_trace: "|encoded_attributes: |failure_info: |force_cause: |r#type: ).*$/su;

function withoutDumps(text: string): string {
  return text
    .replace(/(?:\bevent )?HistoryEvent\s*\(id:\s*(\d+),\s*(?:Some\()?(\w+)\)*/gu, 'event $1 ($2)')
    .replace(
      /(?:\bevent )?EventInfo\s*\{\s*event_id:\s*(\d+),\s*event_type:\s*(\w+)\s*\}/gu,
      'event $1 ($2)',
    )
    .replace(/HistoryEvent\s*\{\s*event_id:\s*(\d+),.*$/su, 'event $1')
    .replace(DUMP, '');
}

/** Whether the SDK says that the bundle does not export the workflow type. */
export function isUnregisteredType(message: string): boolean {
  return /no such function is exported|not registered|no workflow.*registered|unable to find workflow type|unknown workflow type/iu.test(
    message,
  );
}

const NOT_DECODED =
  /input cannot be decoded|unknown encoding|missing payload metadata|payload with no encoding|unexpected (?:token|end of JSON|non-whitespace)|not valid JSON|invalid wire type|index out of range/iu;

export function isUndecodablePayload(message: string): boolean {
  return NOT_DECODED.test(message);
}
