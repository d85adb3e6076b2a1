/** What an SDK's error text says about the place; both absent where it says nothing. */
export interface SdkMessage {
  readonly eventId?: number;
  /** The part after the noise, short enough for a report. */
  readonly words: string;
}

/**
 * Reads the error texts of the SDKs that share a core. They are parsed and never shown raw: they nest
 * debug dumps of native structures.
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
