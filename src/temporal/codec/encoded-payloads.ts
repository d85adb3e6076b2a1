import type { IHistory, IPayload } from '../history/proto.js';
import { isPlainEncoding } from './plain-encodings.js';

const PAYLOAD = '.temporal.api.common.v1.Payload';

/** The server reads these itself: they are never encoded. */
const SEARCH_ATTRIBUTES = '.temporal.api.common.v1.SearchAttributes';

/**
 * Every payload of a history that a codec may have encoded, wherever it stands: inputs, results, headers,
 * memos, markers, failures with what caused them. Found by the messages' types, so that a field which a
 * later release adds is found too.
 *
 * @param history as `HistoryMessage.decode` gives it; the payloads are its own, to be changed in place
 */
export function encodedPayloads(history: IHistory): IPayload[] {
  const found: IPayload[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
    const type = typeOf(value);
    if (type === SEARCH_ATTRIBUTES) return;
    if (type === PAYLOAD) {
      const payload: IPayload = value;
      if (isEncoded(payload)) found.push(payload);
      return;
    }
    for (const child of Object.values(value)) visit(child);
  };
  visit(history);
  return found;
}

/** One without an encoding was made by an SDK for itself. */
function isEncoded(payload: IPayload): boolean {
  const encoding = encodingOf(payload);
  return encoding !== undefined && !isPlainEncoding(encoding);
}

export function encodingOf({ metadata }: IPayload): string | undefined {
  const encoding = metadata?.['encoding'];
  return encoding === undefined ? undefined : Buffer.from(encoding).toString('utf8');
}

/** The full name of a message's type; undefined for lists, maps and what is no message. */
function typeOf(value: object): string | undefined {
  return (value as { readonly $type?: { readonly fullName?: string } }).$type?.fullName;
}
