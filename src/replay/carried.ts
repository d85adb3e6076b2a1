import { createHash } from 'node:crypto';

/**
 * What a command carries besides its kind and its name. A replayer sends commands in this form, and the parent
 * turns the events of history into the same form.
 *
 * Payloads and other texts that users write are digests: two can be compared, and none can be shown. This is
 * not in `protocol.ts`, because a replayer runs this file and needs no schema.
 */
export interface Carried {
  /** Options: durations in milliseconds, enumerations in Temporal's words. Defaults are left out. */
  readonly values: Readonly<Record<string, CarriedValue>>;
  /** `ENCODING:DIGEST`, as `payloadDigest` makes them. */
  readonly digests: Readonly<Record<string, string>>;
}

export type CarriedValue = string | number | boolean;

/** A command with more fields than this sends none. Each argument and each key of a memo is a field. */
export const MAX_CARRIED_FIELDS = 200;

/** Longer values are cut, on both sides. */
export const MAX_CARRIED_TEXT = 300;

/** Longer names of fields are cut, on both sides. */
export const MAX_CARRIED_NAME = 100;

/** A failure's cause can have a cause, and so on. This many are compared. */
const MAX_CAUSES = 5;

/** `encoding` of a text that is no payload, such as a failure's message. */
export const TEXT_ENCODING = 'text';

/** The parts of a payload that say what it holds, as protobuf gives them. */
export interface PayloadParts {
  readonly metadata?: Readonly<Record<string, Uint8Array>> | null;
  readonly data?: Uint8Array | null;
}

interface DurationParts {
  readonly seconds?: number | { readonly low: number; readonly high: number } | null;
  readonly nanos?: number | null;
}

interface RetryPolicyParts {
  readonly initialInterval?: DurationParts | null;
  readonly backoffCoefficient?: number | null;
  readonly maximumInterval?: DurationParts | null;
  readonly maximumAttempts?: number | null;
  readonly nonRetryableErrorTypes?: readonly string[] | null;
}

interface PriorityParts {
  readonly priorityKey?: number | null;
  readonly fairnessKey?: string | null;
  readonly fairnessWeight?: number | null;
}

export interface FailureParts {
  readonly message?: string | null;
  readonly encodedAttributes?: PayloadParts | null;
  readonly cause?: FailureParts | null;
  readonly applicationFailureInfo?: {
    readonly type?: string | null;
    readonly nonRetryable?: boolean | null;
    readonly details?: { readonly payloads?: readonly PayloadParts[] | null } | null;
  } | null;
}

/** In the order of Temporal's API. "Unspecified" counts as the default. */
const PARENT_CLOSE_POLICIES = ['TERMINATE', 'TERMINATE', 'ABANDON', 'REQUEST_CANCEL'];
const WORKFLOW_ID_REUSE_POLICIES = [
  'ALLOW_DUPLICATE',
  'ALLOW_DUPLICATE',
  'ALLOW_DUPLICATE_FAILED_ONLY',
  'REJECT_DUPLICATE',
  'TERMINATE_IF_RUNNING',
];

/** Collects what a command carries, for a command that code issues and for an event of history alike. */
export class CarriedFields {
  private readonly values: Record<string, CarriedValue> = {};
  private readonly digests: Record<string, string> = {};

  /** A value that may be shown. Values that protobuf cannot distinguish from "not set" are left out. */
  value(name: string, value: CarriedValue | null | undefined): this {
    if (value === null || value === undefined || value === '' || value === 0 || value === false) {
      return this;
    }
    this.values[cut(name, MAX_CARRIED_NAME)] =
      typeof value === 'string' ? cut(value, MAX_CARRIED_TEXT) : value;
    return this;
  }

  duration(name: string, duration: DurationParts | null | undefined): this {
    return this.value(name, milliseconds(duration));
  }

  retryPolicy(policy: RetryPolicyParts | null | undefined): this {
    if (policy == null) return this;
    const errorTypes = policy.nonRetryableErrorTypes ?? [];
    return this.duration('retryPolicy.initialInterval', policy.initialInterval)
      .value('retryPolicy.backoffCoefficient', policy.backoffCoefficient)
      .duration('retryPolicy.maximumInterval', policy.maximumInterval)
      .value('retryPolicy.maximumAttempts', policy.maximumAttempts)
      .value(
        'retryPolicy.nonRetryableErrorTypes',
        errorTypes.length === 0 ? undefined : [...errorTypes].join(', '),
      );
  }

  priority(priority: PriorityParts | null | undefined): this {
    return this.value('priority.priorityKey', priority?.priorityKey)
      .value('priority.fairnessKey', priority?.fairnessKey)
      .value('priority.fairnessWeight', priority?.fairnessWeight);
  }

  parentClosePolicy(policy: number | null | undefined): this {
    return this.value('parentClosePolicy', PARENT_CLOSE_POLICIES[policy ?? 0]);
  }

  workflowIdReusePolicy(policy: number | null | undefined): this {
    return this.value('workflowIdReusePolicy', WORKFLOW_ID_REUSE_POLICIES[policy ?? 0]);
  }

  payload(name: string, payload: PayloadParts | null | undefined): this {
    if (payload != null) this.digests[cut(name, MAX_CARRIED_NAME)] = payloadDigest(payload);
    return this;
  }

  /** Arguments are named from 1. */
  payloads(noun: string, payloads: readonly PayloadParts[] | null | undefined): this {
    for (const [index, payload] of (payloads ?? []).entries()) {
      this.payload(`${noun} ${index + 1}`, payload);
    }
    return this;
  }

  payloadMap(
    noun: string,
    payloads: Readonly<Record<string, PayloadParts>> | null | undefined,
  ): this {
    for (const [key, payload] of Object.entries(payloads ?? {})) {
      this.payload(`${noun} ${key}`, payload);
    }
    return this;
  }

  /** A text that users write and that is never shown, such as a Workflow ID. */
  text(name: string, text: string | null | undefined): this {
    if (text) this.digests[cut(name, MAX_CARRIED_NAME)] = digest(TEXT_ENCODING, text);
    return this;
  }

  failure(failure: FailureParts | null | undefined, depth = 0): this {
    if (failure == null || depth > MAX_CAUSES) return this;
    const noun = `failure${' cause'.repeat(depth)}`;
    const info = failure.applicationFailureInfo;
    if (failure.encodedAttributes == null) this.text(`${noun} message`, failure.message);
    else this.payload(`${noun} message`, failure.encodedAttributes);
    return this.value(`${noun} type`, info?.type)
      .value(`${noun} nonRetryable`, info?.nonRetryable)
      .payloads(`${noun} detail`, info?.details?.payloads)
      .failure(failure.cause, depth + 1);
  }

  /** Undefined where there are more fields than a replayer may send. */
  done(): Carried | undefined {
    const { values, digests } = this;
    const count = Object.keys(values).length + Object.keys(digests).length;
    return count > MAX_CARRIED_FIELDS ? undefined : { values, digests };
  }
}

/**
 * `ENCODING:DIGEST` of a payload. The digest is the first 32 hexadecimal digits of the SHA-256 of
 * - encoding, a zero byte, `messageType` of the metadata (or nothing), a zero byte,
 * - and the data: of `json/plain` and `json/protobuf`, as far as it is JSON, written again by
 *   `JSON.stringify` with the keys of every object in the order of their UTF-16 code units (but those that
 *   are array indices first, as numbers, because every engine keeps them so): payloads that are equal
 *   after parsing are equal; of anything else as it is.
 */
export function payloadDigest(payload: PayloadParts): string {
  const encoding = textOf(payload.metadata?.['encoding']);
  const data = bytesOf(payload.data);
  const content = encoding.startsWith('json/') ? (canonicalJson(data) ?? data) : data;
  return digest(encoding, content, textOf(payload.metadata?.['messageType']));
}

/** The encoding that a digest names. */
export function encodingOfDigest(carried: string): string {
  return carried.slice(0, Math.max(0, carried.lastIndexOf(':')));
}

function digest(encoding: string, content: string | Uint8Array, messageType = ''): string {
  const hash = createHash('sha256').update(`${encoding}\0${messageType}\0`).update(content);
  // The encoding stands before the last colon. It is shown, so it is kept short.
  return `${cut(encoding, MAX_CARRIED_NAME)}:${hash.digest('hex').slice(0, 32)}`;
}

function canonicalJson(data: Uint8Array): string | undefined {
  try {
    return JSON.stringify(sorted(JSON.parse(new TextDecoder().decode(data))));
  } catch {
    // Not JSON, or nested too deeply: then bytes are compared.
    return undefined;
  }
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  // A key `__proto__` would be lost in a plain object.
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [key, child] of entries) copy[key] = sorted(child);
  return copy;
}

function textOf(bytes: Uint8Array | null | undefined): string {
  return new TextDecoder().decode(bytesOf(bytes));
}

/** An array from the workflow's own context is no instance of a class of this context. */
function bytesOf(bytes: Uint8Array | null | undefined): Uint8Array {
  return bytes == null
    ? new Uint8Array()
    : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Seconds may be a `Long`, of either context. */
function milliseconds(duration: DurationParts | null | undefined): number {
  if (duration == null) return 0;
  const { seconds } = duration;
  const whole =
    typeof seconds === 'object' && seconds !== null
      ? seconds.high * 2 ** 32 + (seconds.low >>> 0)
      : (seconds ?? 0);
  return whole * 1000 + (duration.nanos ?? 0) / 1e6;
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length);
}
