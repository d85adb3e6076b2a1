import { setTimeout as sleep } from 'node:timers/promises';
import type { IPayload } from '../history/proto.js';
import type { CodecSettings } from '../../model/settings.js';
import { UserError } from '../../model/user-error.js';
import { readable, truncate } from '../../untrusted/readable.js';
import { jsonSize, payloadsFromJson, payloadsToJson } from './payload-json.js';
import { abortedAfter } from '../../pipeline/aborted-after.js';

/** Half of what common web frameworks accept by default. A server that accepts less answers with 413. */
const REQUEST_BYTES = 512 * 1024;

/** More than one history can hold (50 MB), in base64. */
const RESPONSE_BYTES = 96 * 1024 * 1024;

/** How much of an error's body is read, to quote it. */
const ERROR_BYTES = 16 * 1024;

export interface CodecPace {
  /** Milliseconds that one request may take. */
  readonly timeoutMs: number;
  readonly attempts: number;
  /** Milliseconds before the second attempt. They double before each further attempt. */
  readonly pauseMs: number;
  /** The longest pause that `Retry-After` may ask for. */
  readonly longestPauseMs: number;
}

const PACE: CodecPace = { timeoutMs: 30_000, attempts: 4, pauseMs: 500, longestPauseMs: 30_000 };

/** The codec answered that it cannot decode these payloads. It may still decode others. */
export class UndecodablePayloads extends Error {}

/**
 * A remote codec that speaks Temporal's codec server protocol. Payloads are posted to `…/decode` in protobuf's JSON.
 * The answer holds the same number of payloads, decoded, in the same order.
 * https://docs.temporal.io/codec-server
 */
export class RemoteCodec {
  private readonly settings: CodecSettings;
  private readonly pace: CodecPace;
  private requestBytes = REQUEST_BYTES;

  constructor(settings: CodecSettings, pace: CodecPace = PACE) {
    this.settings = settings;
    this.pace = pace;
  }

  /** The codec's name in messages. It leaves out the query of the URL, which could hold a key. */
  get name(): string {
    const { origin, pathname } = this.settings.url;
    return `The codec at ${truncate(readable(origin + pathname.replace(/\/decode$/u, '')), 200)}`;
  }

  /**
   * @throws UndecodablePayloads when the codec cannot decode these payloads; UserError when it cannot be asked, or
   * does not answer with payloads; the signal's reason when the signal is aborted
   */
  async decode(payloads: readonly IPayload[], signal: AbortSignal): Promise<IPayload[]> {
    const decoded: IPayload[] = [];
    for (const batch of this.batches(payloads)) {
      decoded.push(...(await this.decodeBatch(batch, signal)));
    }
    return decoded;
  }

  /** A payload that is larger than a request should be gets a request of its own. */
  private *batches(payloads: readonly IPayload[]): Generator<IPayload[]> {
    let batch: IPayload[] = [];
    let size = 0;
    for (const payload of payloads) {
      const more = jsonSize(payload);
      if (batch.length > 0 && size + more > this.requestBytes) {
        yield batch;
        batch = [];
        size = 0;
      }
      batch.push(payload);
      size += more;
    }
    if (batch.length > 0) yield batch;
  }

  private async decodeBatch(batch: readonly IPayload[], signal: AbortSignal): Promise<IPayload[]> {
    const body = payloadsToJson(batch);
    const answer = await this.ask(body, signal);
    if (answer.kind === 'too-large') {
      if (batch.length === 1) {
        throw new UndecodablePayloads(
          `${this.name} takes no request of ${body.length} bytes, which one payload needs`,
        );
      }
      this.requestBytes = Math.min(this.requestBytes, Math.ceil(body.length / 2));
      const middle = Math.ceil(batch.length / 2);
      const first = await this.decodeBatch(batch.slice(0, middle), signal);
      return [...first, ...(await this.decodeBatch(batch.slice(middle), signal))];
    }
    let decoded;
    try {
      decoded = payloadsFromJson(answer.text);
    } catch (error) {
      throw this.notPayloads((error as Error).message, answer.contentType);
    }
    if (decoded.length !== batch.length) {
      throw this.notPayloads(`it holds ${decoded.length} payloads for ${batch.length}`);
    }
    return decoded;
  }

  /** Asks again while the failure may pass, up to the last attempt. */
  private async ask(body: string, signal: AbortSignal): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const tried = await this.try(body, signal);
      if (!('passing' in tried)) return tried;
      if (attempt >= this.pace.attempts) throw tried.passing;
      const pauseMs = this.pace.pauseMs * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
      const askedMs = Math.min(tried.retryAfterMs ?? 0, this.pace.longestPauseMs);
      await sleep(Math.max(pauseMs, askedMs), undefined, { signal });
    }
  }

  private async try(body: string, signal: AbortSignal): Promise<Answer | Passing> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(this.settings.url, {
        method: 'POST',
        headers: this.headers(),
        body,
        // A redirect would send the credential and the payloads to another endpoint.
        redirect: 'manual',
        signal: abortedAfter(this.pace.timeoutMs, signal),
      });
      text = await readText(response, response.ok ? RESPONSE_BYTES : ERROR_BYTES);
    } catch (error) {
      signal.throwIfAborted();
      return this.unreachable(error);
    }
    return response.ok
      ? { kind: 'decoded', text, contentType: response.headers.get('content-type') ?? '' }
      : this.refusal(response, text);
  }

  private headers(): Record<string, string> {
    const { namespace, authorization } = this.settings;
    return {
      'Content-Type': 'application/json',
      Accept: 'application/json',
      'X-Namespace': namespace,
      ...(authorization === undefined ? {} : { Authorization: authorization }),
    };
  }

  private refusal(response: Response, text: string): Answer | Passing {
    const { status } = response;
    const words = this.words(text);
    const says = `(HTTP ${status}${words === '' ? '' : `: ${words}`})`;
    if (status === 413) return { kind: 'too-large' };
    if (status === 400 || status === 422) {
      throw new UndecodablePayloads(`${this.name} cannot decode its payloads ${says}`);
    }
    if (status === 401 || status === 403) throw this.refusesCredential(says);
    if (status >= 300 && status < 400) {
      throw new UserError({
        found: `${this.name} redirects to another address ${says}`,
        expected:
          'payloads: this action follows no redirect, because it would pass the credential on',
        fix: 'set codec-endpoint to the final address; a login page in front of it needs codec-auth instead',
      });
    }
    if (status === 404 || status === 405 || status === 410) {
      throw new UserError({
        found: `${this.name} has no /decode ${says}`,
        expected: 'a codec server, which answers to POST …/decode',
        fix: 'correct codec-endpoint: the address without /decode, with {namespace} where the path needs it',
      });
    }
    const retryAfterMs = retryAfter(response);
    const passing = { ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    if (status === 500) {
      // Many servers answer with 500 when they cannot decode a payload.
      return {
        ...passing,
        passing: new UndecodablePayloads(`${this.name} fails on its payloads ${says}`),
      };
    }
    const problem = new UserError({
      found: `${this.name} answers with an error ${says}`,
      expected: 'decoded payloads',
      fix:
        status === 429
          ? 'lower fetch-concurrency, or raise the limit of the codec server'
          : "look into the codec server's log, or run the job again",
    });
    if (status === 408 || status === 429 || status > 500) return { ...passing, passing: problem };
    throw problem;
  }

  private refusesCredential(says: string): UserError {
    return new UserError(
      this.settings.authorization === undefined
        ? {
            found: `${this.name} demands a credential ${says}`,
            expected: 'the header Authorization',
            fix: 'set codec-auth from a repository secret (pull requests from forks get none)',
          }
        : {
            found: `${this.name} refuses the credential of codec-auth ${says}`,
            expected: 'the whole value of the header Authorization, as in "Bearer …"',
            fix: "correct codec-auth, and check its identity's right to decode this namespace",
          },
    );
  }

  private unreachable(error: unknown): Passing {
    const said = messages(error);
    if (/certificate|CERT_|self[- ]signed|altnames/iu.test(said)) {
      throw new UserError(
        {
          found: `The certificate of ${this.name.replace(/^The/u, 'the')} cannot be verified (${said})`,
          expected: 'a certificate that a known authority signed, for that name',
          fix: "set NODE_EXTRA_CA_CERTS in this step's env to the path of the authority's certificate",
        },
        { cause: error },
      );
    }
    return {
      passing: new UserError(
        {
          found: `${this.name} cannot be reached (${said})`,
          expected: 'a codec server that answers',
          fix: "check codec-endpoint, that the server runs, and that the runner's network can reach it",
        },
        { cause: error },
      ),
    };
  }

  private notPayloads(why: string, contentType = ''): UserError {
    const type = contentType === '' ? '' : `, ${truncate(readable(contentType), 60)}`;
    return new UserError({
      found: `${this.name} answers with something else than the decoded payloads: ${why}${type}`,
      expected: 'as many payloads as were sent, as protobuf JSON',
      fix: 'check that codec-endpoint is a codec server of Temporal, and no login page in front of it',
    });
  }

  /** The server's words. Some servers repeat the credential, so it is masked. */
  private words(text: string): string {
    const { authorization } = this.settings;
    const secrets = [authorization, authorization?.split(' ').at(-1)];
    let safe = text;
    for (const secret of secrets) if (secret) safe = safe.replaceAll(secret, '***');
    // An HTML page is of no use in one line.
    return /^\s*</u.test(safe) ? '' : truncate(readable(safe).trim(), 200);
  }
}

type Answer =
  | { readonly kind: 'decoded'; readonly text: string; readonly contentType: string }
  | { readonly kind: 'too-large' };

/** A failure that may be over in a moment. If it is not, `passing` is thrown. */
interface Passing {
  readonly passing: Error;
  readonly retryAfterMs?: number;
}

/** Reads the body. One that is too long is an error; in an answer that is an error already, it is cut. */
async function readText(response: Response, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk as Uint8Array);
    size += (chunk as Uint8Array).length;
    if (size <= limit) continue;
    if (response.ok) throw new Error(`its answer is longer than ${limit} bytes`);
    break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Milliseconds to wait. The header holds seconds or a date (RFC 9110, section 10.2.3). */
function retryAfter(response: Response): number | undefined {
  const header = response.headers.get('retry-after');
  if (header === null) return undefined;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1000;
  return ms > 0 ? ms : undefined;
}

/** `fetch` hides what happened in its error's cause. */
function messages(error: unknown): string {
  const parts = new Set<string>();
  for (let current = error; typeof current === 'object' && current !== null;) {
    const { name, message, code, cause } = current as Partial<NodeJS.ErrnoException>;
    if (name === 'TimeoutError') parts.add('no answer in time');
    else if (message !== undefined && message !== 'fetch failed') parts.add(message);
    if (typeof code === 'string') parts.add(code);
    current = cause;
  }
  return truncate(readable([...parts].filter((part) => part !== '').join('; ')), 200);
}
