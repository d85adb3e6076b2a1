import type { SdkMessage } from '../engine/history-reader.js';

/**
 * Reads the error texts of the SDKs that share a core. They are never shown as they are, because they hold debug
 * dumps of native structures.
 */
export function parseSdkMessage(message: string): SdkMessage {
  const eventId =
    /HistoryEvent\s*[({]\s*(?:id|event_id):\s*(\d+)/u.exec(message)?.[1] ??
    /\bevent (?:id )?(\d+)\b/iu.exec(message)?.[1];
  const core =
    /Nondeterminism(?:\("|\serror:\s*)(.*?)(?:"\)|"?$)/su.exec(message)?.[1] ??
    message.replace(/^.*?Details:\s*/su, '');
  const words = core
    .replace(/\[TMPRL\d+\]\s*/gu, '')
    .replace(/(?:\bevent )?HistoryEvent\s*\(id:\s*(\d+),\s*(?:Some\()?(\w+)\)*/gu, 'event $1 ($2)')
    .replace(/HistoryEvent\s*\{\s*event_id:\s*(\d+),.*$/su, 'event $1')
    .replace(/Failure\s*\{.*?message:\s*"(.*?)".*$/su, '$1')
    .trim();
  return { ...(eventId === undefined ? {} : { eventId: Number(eventId) }), words };
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
