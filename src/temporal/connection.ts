import { Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { ConnectionSettings } from '../model/settings.js';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { backOffMs, isThrottled } from './back-off.js';
import { Pacer } from './pacer.js';
import { probe } from './probe.js';
import { rawHistories } from './raw-history.js';
import { CONNECTING, serverProblem } from './server-problem.js';

/** Milliseconds after which an unreachable server is given up. */
const CONNECT_TIMEOUT_MS = 15_000;

/** Milliseconds that the client still has after the probe has found something wrong. */
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
    // Each request under way adds a listener, and fetch-concurrency sets how many requests there are.
    setMaxListeners(0, signal);
  }

  /** @throws UserError when the server cannot be reached or refuses us. */
  static async connect(
    settings: ConnectionSettings,
    options: { readonly maxRequestsPerSecond: number | undefined; readonly signal: AbortSignal },
  ): Promise<Server> {
    const connecting = open(settings);
    // The race below reports this rejection. It must not count as unhandled before.
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
      // If the connection comes too late, nobody uses it.
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
   * @param stop breaks the request off; it must abort when the run is cancelled, too
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
      // Every try is paced and counted: for the server, each try is a request.
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
    // Each request gets a signal of its own. The library adds a listener for every request and never removes it.
    // On a signal that lives as long as the run, these listeners would keep every response in memory.
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

/** Rejects when the job is cancelled, because a cancelled job has only seconds left. Never resolves. */
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
 * Bytes that a server may send on the whole connection before we confirm that we received them. HTTP/2 begins with
 * 64 kB (RFC 9113, section 6.9.2). With a round trip of 40 ms, that lets five histories through per round trip,
 * however many requests are open.
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
    // Always set, because otherwise an API key alone would switch TLS on.
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
    // `request` tries again itself, because retries of the library are neither paced nor counted. The library
    // retries only the request that it makes by itself while it connects.
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
 * Rejects with the fault that a plain socket finds. The client itself reports a refusal only as a missed deadline.
 * It gets a moment more before this rejects, because it may still succeed if the fault passes. Never resolves.
 */
async function failureSeenByProbe(settings: ConnectionSettings): Promise<never> {
  const fault = await probe(settings);
  if (fault === undefined) return new Promise<never>(() => undefined);
  await sleep(PROBE_GRACE_MS, undefined, { ref: false });
  throw fault;
}
