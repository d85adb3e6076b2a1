import { Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { ConnectionSettings } from '../inputs/settings.js';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pacer } from './pacer.js';
import { probe } from './probe.js';
import { CONNECTING, serverProblem } from './server-problem.js';

/** Milliseconds until an unreachable server is given up. */
const CONNECT_TIMEOUT_MS = 15_000;

/** Milliseconds that the client may still take once a socket has found something wrong. */
const PROBE_GRACE_MS = 2_000;

/** Milliseconds that one request may take, its retries included. */
const REQUEST_TIMEOUT_MS = 90_000;

/** A connection whose every request is paced, timed, cancellable and explained when it fails. */
export class Server {
  readonly settings: ConnectionSettings;
  private readonly connection: Connection;
  private readonly pacer: Pacer;
  private readonly signal: AbortSignal;

  private constructor(
    settings: ConnectionSettings,
    connection: Connection,
    pacer: Pacer,
    signal: AbortSignal,
  ) {
    this.settings = settings;
    this.connection = connection;
    this.pacer = pacer;
    this.signal = signal;
    // Each request under way listens once; there are as many as fetch-concurrency allows.
    setMaxListeners(0, signal);
  }

  /** @throws UserError when the server cannot be reached or refuses us. */
  static async connect(
    settings: ConnectionSettings,
    options: { readonly maxRequestsPerSecond: number | undefined; readonly signal: AbortSignal },
  ): Promise<Server> {
    const connecting = open(settings);
    // Reported through the race below; on its own it must not count as unhandled.
    connecting.catch(() => undefined);
    try {
      const connection = await Promise.race([
        connecting,
        failureSeenByProbe(settings),
        cancellation(options.signal),
      ]);
      return new Server(
        settings,
        connection,
        new Pacer(options.maxRequestsPerSecond),
        options.signal,
      );
    } catch (error) {
      // One that comes about all the same is nobody's.
      void connecting.then((late) => late.close()).catch(() => undefined);
      options.signal.throwIfAborted();
      throw serverProblem(error, settings, CONNECTING);
    }
  }

  /** Requests made so far, retries by the library not counted. */
  get requests(): number {
    return this.pacer.started;
  }

  /**
   * Makes one request.
   *
   * @param doing what the request is for, for the error message
   * @throws UserError as `serverProblem` describes, or the gRPC error itself when `keepError` says so
   */
  async request<T>(
    doing: string,
    call: (service: Connection['workflowService']) => Promise<T>,
    keepError: (error: unknown) => boolean = () => false,
  ): Promise<T> {
    await this.pacer.ready(this.signal);
    // One signal for each request: the library adds a listener for every request and never removes it,
    // which on a signal that lives as long as the run would keep every response.
    const abort = new AbortController();
    const forward = (): void => abort.abort(this.signal.reason);
    this.signal.addEventListener('abort', forward, { once: true });
    try {
      return await this.connection.withAbortSignal(abort.signal, () =>
        this.connection.withDeadline(Date.now() + REQUEST_TIMEOUT_MS, () =>
          call(this.connection.workflowService),
        ),
      );
    } catch (error) {
      if (this.signal.aborted || keepError(error)) throw error;
      throw serverProblem(error, this.settings, doing);
    } finally {
      this.signal.removeEventListener('abort', forward);
    }
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}

/** Rejects when the job is cancelled: it has seconds, and the client would wait on. Never resolves. */
function cancellation(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const cancel = (): void => reject(signal.reason as Error);
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
  });
}

function open(settings: ConnectionSettings): Promise<Connection> {
  const { tls } = settings;
  return Connection.connect({
    address: settings.address,
    connectTimeout: CONNECT_TIMEOUT_MS,
    ...(settings.apiKey === undefined ? {} : { apiKey: settings.apiKey }),
    ...(settings.metadata === undefined ? {} : { metadata: settings.metadata }),
    // Said in so many words: an API key alone would switch it on.
    tls:
      tls === undefined
        ? false
        : {
            ...(tls.serverName === undefined ? {} : { serverNameOverride: tls.serverName }),
            ...(tls.serverCaCertificate === undefined
              ? {}
              : { serverRootCACertificate: Buffer.from(tls.serverCaCertificate) }),
            ...(tls.clientCertificate === undefined
              ? {}
              : {
                  clientCertPair: {
                    crt: Buffer.from(tls.clientCertificate.certificate),
                    key: Buffer.from(tls.clientCertificate.key),
                  },
                }),
          },
    // The library backs off with jitter, a second at least on RESOURCE_EXHAUSTED: production
    // comes first, and a check can wait.
    interceptors: [
      makeGrpcRetryInterceptor(
        defaultGrpcRetryOptions({ maxAttempts: 8, maxIntervalMs: () => 10_000 }),
      ),
    ],
  });
}

/**
 * Rejects with what a plain socket finds wrong, some moments after it found it: the client hides every
 * refusal behind its deadline, but may yet succeed where the fault was passing. Never resolves.
 */
async function failureSeenByProbe(settings: ConnectionSettings): Promise<never> {
  const fault = await probe(settings);
  if (fault === undefined) return new Promise<never>(() => undefined);
  await sleep(PROBE_GRACE_MS, undefined, { ref: false });
  throw fault;
}
