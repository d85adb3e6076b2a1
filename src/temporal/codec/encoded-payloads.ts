import type { IHistory, IPayload } from '../history/proto.js';
import { isPlainEncoding } from './plain-encodings.js';

const PAYLOAD = '.temporal.api.common.v1.Payload';

/** The server reads search attributes itself, so they are never encoded. */
const SEARCH_ATTRIBUTES = '.temporal.api.common.v1.SearchAttributes';

/**
 * Every payload of a history that a codec may have encoded, wherever it stands: in inputs, results, headers,
 * memos, markers, failures and their causes. The search goes by the types of messages, so it also finds payloads in
 * fields that a later release adds.
 *
 * @param history as `HistoryMessage.decode` gives it. The payloads are not copies: to change one changes the history.
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

/** An SDK makes payloads without an encoding for its own use. No codec touches them. */
function isEncoded(payload: IPayload): boolean {
  const encoding = encodingOf(payload);
  return encoding !== undefined && !isPlainEncoding(encoding);
}

export function encodingOf({ metadata }: IPayload): string | undefined {
  const encoding = metadata?.['encoding'];
  return encoding === undefined ? undefined : Buffer.from(encoding).toString('utf8');
}

/** The full name of a message's type; undefined for lists, maps and anything else. */
function typeOf(value: object): string | undefined {
  return (value as { readonly $type?: { readonly fullName?: string } }).$type?.fullName;
}
