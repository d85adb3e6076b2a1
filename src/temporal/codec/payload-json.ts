import type { IPayload } from '../history/proto.js';
import { encodingOf } from './encoded-payloads.js';

/** Payloads in protobuf's JSON: data and metadata are bytes, so both are in base64. */
export function payloadsToJson(payloads: readonly IPayload[]): string {
  return JSON.stringify({ payloads: payloads.map(payloadToJson) });
}

function payloadToJson({ metadata, data }: IPayload): object {
  return {
    metadata: Object.fromEntries(
      Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)]),
    ),
    data: base64(data ?? new Uint8Array()),
  };
}

/** About how many bytes a payload takes in a request. The request is not built for this. */
export function jsonSize({ metadata, data }: IPayload): number {
  const inBase64 = (bytes: number): number => Math.ceil(bytes / 3) * 4;
  let size = 32 + inBase64(data?.length ?? 0);
  for (const [name, value] of Object.entries(metadata ?? {})) {
    size += name.length + 8 + inBase64(value.length);
  }
  return size;
}

/**
 * @throws Error that says why the text is no list of payloads. It quotes nothing of the text, which may hold
 * decrypted data.
 */
export function payloadsFromJson(text: string): IPayload[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('it is no JSON');
  }
  const payloads = isObject(value) ? value['payloads'] : undefined;
  if (!Array.isArray(payloads)) throw new Error('it has no list "payloads"');
  return payloads.map((payload: unknown) => payloadFromJson(payload));
}

function payloadFromJson(value: unknown): IPayload {
  const { metadata = {}, data = '' } = isObject(value) ? value : { metadata: undefined };
  if (!isObject(value) || !isObject(metadata))
    throw new Error('a payload in it has the wrong form');
  const payload: IPayload = {
    metadata: Object.fromEntries(
      Object.entries(metadata).map(([name, one]) => [name, bytesOf(one)]),
    ),
    data: bytesOf(data),
  };
  // If the encoding was not written in base64, reading it as base64 gives unprintable characters.
  if (!/^[\x20-\x7e]+$/u.test(encodingOf(payload) ?? '')) {
    throw new Error('the metadata of a payload in it names no encoding in base64');
  }
  return payload;
}

function bytesOf(value: unknown): Uint8Array {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/_-]*={0,2}$/u.test(value)) {
    throw new Error('a payload in it is not in base64');
  }
  return Buffer.from(value, 'base64');
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
