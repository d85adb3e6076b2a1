import { Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { ConnectionSettings } from '../model/settings.js';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { backOffMs, isThrottled } from './back-off.js';
import { Pacer } from './pacer.js';
import { probe } from './probe.js';
import { rawHistories } from './raw-history.js';
import { CONNECTING, serverProblem } from './server-problem.js';

/** Milliseconds until an unreachable server is given up. */
const CONNECT_TIMEOUT_MS = 15_000;

/** Milliseconds that the client may still take once a socket has found something wrong. */
const PROBE_GRACE_MS = 2_000;

/** Milliseconds that one request may take, its retries included. */
const REQUEST_TIMEOUT_MS = 90_000;

/** A connection. Every request is paced and timed, can be cancelled, and is explained when it fails. */
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
      // Nobody uses a connection that comes too late.
      void connecting.then((late) => late.close()).catch(() => undefined);
      options.signal.throwIfAborted();
      throw serverProblem(error, settings, CONNECTING);
    }
  }

  /** Requests made so far, retries included. */
  get requests(): number {
    return this.pacer.started;
  }

  /**
   * Makes one request.
   *
   * @param doing what the request is for, for the error message
   * @param stop breaks it off before its time; it must also break off when the run is cancelled
   * @throws UserError as `serverProblem` describes, or the gRPC error itself when `keepError` says so
   */
  async request<T>(
    doing: string,
    call: (service: Connection['workflowService']) => Promise<T>,
    keepError: (error: unknown) => boolean = () => false,
    stop?: AbortSignal,
  ): Promise<T> {
    const signal = stop ?? this.signal;
    setMaxListeners(0, signal);
    const deadline = Date.now() + REQUEST_TIMEOUT_MS;
    for (let attempt = 1; ; attempt += 1) {
      // Every try is paced and counted: to the server each is a request like any other.
      await this.pacer.ready(signal);
      try {
        return await this.once(call, signal, deadline);
      } catch (error) {
        if (signal.aborted || keepError(error)) throw error;
        const wait = backOffMs(error, attempt, Math.random());
        if (wait === undefined || Date.now() + wait >= deadline) {
          throw serverProblem(error, this.settings, doing);
        }
        if (isThrottled(error)) this.pacer.pause(wait);
        await sleep(wait, undefined, { signal });
      }
    }
  }

  private async once<T>(
    call: (service: Connection['workflowService']) => Promise<T>,
    signal: AbortSignal,
    deadline: number,
  ): Promise<T> {
    // One signal for each request: the library adds a listener for every request and never removes it,
    // which on a signal that lives as long as the run would keep every response.
    const abort = new AbortController();
    const forward = (): void => abort.abort(signal.reason);
    signal.addEventListener('abort', forward, { once: true });
    try {
      return await this.connection.withAbortSignal(abort.signal, () =>
        this.connection.withDeadline(deadline, () => call(this.connection.workflowService)),
      );
    } finally {
      signal.removeEventListener('abort', forward);
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

const retry = makeGrpcRetryInterceptor(defaultGrpcRetryOptions());
const onlyOnce = makeGrpcRetryInterceptor({
  delayFunction: () => 0,
  retryableDecider: () => false,
});

/**
 * Bytes that a server may send before it has heard that we took them, for the whole connection. HTTP/2 begins with
 * 64 kB (RFC 9113, section 6.9.2): behind 40 ms, five histories for each round trip, however many were asked for.
 */
const FLOW_CONTROL_WINDOW_BYTES = 4 * 1024 * 1024;

function open(settings: ConnectionSettings): Promise<Connection> {
  const { tls } = settings;
  return Connection.connect({
    address: settings.address,
    connectTimeout: CONNECT_TIMEOUT_MS,
    channelArgs: { 'grpc-node.flow_control_window': FLOW_CONTROL_WINDOW_BYTES },
    ...(settings.apiKey === undefined ? {} : { apiKey: settings.apiKey }),
    ...(settings.metadata === undefined ? {} : { metadata: settings.metadata }),
    // Explicit, because an API key alone would switch TLS on.
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
    // `request` tries again itself: what the library tries again is neither paced nor counted. Only what it
    // asks of its own accord while it connects is left to it.
    interceptors: [
      rawHistories,
      (options, nextCall) =>
        options.method_definition.path.endsWith('/GetSystemInfo')
          ? retry(options, nextCall)
          : onlyOnce(options, nextCall),
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
