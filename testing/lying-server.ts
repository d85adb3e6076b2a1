import { once } from 'node:events';
import {
  connect,
  createServer,
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';

/** What a server answers to one request instead of the truth. */
export type Lie =
  /** A gRPC status, as from a server that is busy, broken or asked for too much. */
  | { readonly kind: 'status'; readonly code: number; readonly message?: string }
  /** Success, and a message with nothing in it. */
  | { readonly kind: 'empty' }
  /** Success, and a message that ends in its middle; its length is told as it is sent. */
  | { readonly kind: 'cut'; readonly keep: number }
  /** The message is said to be longer or shorter than it is. */
  | { readonly kind: 'wrong-length'; readonly by: number }
  /** The answer ends without a status. */
  | { readonly kind: 'no-trailers' }
  /** A web page, as from a proxy on the way. */
  | { readonly kind: 'web-page'; readonly status: number }
  /** Success, and bytes that are no message. */
  | { readonly kind: 'noise'; readonly bytes: Uint8Array }
  /** Another message than the server's own. */
  | { readonly kind: 'edit'; readonly edit: (message: Uint8Array) => Uint8Array };

export interface LyingServer {
  readonly address: string;
  /** Lies that were told so far. */
  readonly lies: number;
  stop(): Promise<void>;
}

/** Bytes before a gRPC message: whether it is compressed, and its length. */
const PREFIX = 5;

/**
 * Stands before a Temporal server and passes requests on, but does not always tell what the server
 * answers. It speaks gRPC just so far: one message each way.
 *
 * @param target `host:port` of the server, without TLS
 * @param lieOf by the method's name and how often it was called before
 */
export async function startLyingServer(
  target: string,
  lieOf: (method: string, call: number) => Lie | undefined,
): Promise<LyingServer> {
  const upstream = connect(`http://${target}`);
  upstream.on('error', () => undefined);
  const sessions = new Set<ServerHttp2Session>();
  const calls = new Map<string, number>();
  let lies = 0;
  const server = createServer();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => undefined);
    session.once('close', () => sessions.delete(session));
  });
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on('error', () => undefined);
    const method = (headers[':path'] ?? '').split('/').at(-1) ?? '';
    const call = calls.get(method) ?? 0;
    calls.set(method, call + 1);
    const lie = lieOf(method, call);
    if (lie !== undefined) lies += 1;
    answer(upstream, stream, headers, lie).catch(() => stream.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get lies() {
      return lies;
    },
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const session of sessions) session.destroy();
      upstream.destroy();
      await closed;
    },
  };
}

async function answer(
  upstream: ClientHttp2Session,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  lie: Lie | undefined,
): Promise<void> {
  const request = await bytesOf(stream);
  switch (lie?.kind) {
    case 'status':
      stream.respond(
        {
          ':status': 200,
          'content-type': 'application/grpc',
          'grpc-status': String(lie.code),
          'grpc-message': encodeURIComponent(lie.message ?? 'spoiled'),
        },
        { endStream: true },
      );
      return;
    case 'web-page':
      stream.respond({ ':status': lie.status, 'content-type': 'text/html' });
      stream.end('<html><body>Bad gateway</body></html>');
      return;
    case 'no-trailers':
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
      stream.end();
      return;
    case undefined:
    case 'empty':
    case 'cut':
    case 'wrong-length':
    case 'noise':
    case 'edit': {
      const truth = await ask(upstream, headers, request);
      const isAnswer = truth.status === '0' && lie !== undefined;
      passOn(stream, isAnswer ? { ...truth, body: spoilt(truth.body, lie) } : truth);
    }
  }
}

interface Answered {
  readonly body: Buffer;
  readonly status: string;
  readonly message: string;
  readonly details: string | undefined;
}

type LieInMessage = Exclude<Lie, { kind: 'status' | 'web-page' | 'no-trailers' }>;

function spoilt(body: Buffer, lie: LieInMessage): Buffer {
  const message = body.subarray(PREFIX);
  switch (lie.kind) {
    case 'empty':
      return framed(new Uint8Array());
    case 'cut':
      return framed(message.subarray(0, Math.floor(message.length * lie.keep)));
    case 'noise':
      return framed(lie.bytes);
    case 'edit':
      return framed(lie.edit(message));
    case 'wrong-length': {
      const wrong = Buffer.from(body);
      wrong.writeUInt32BE(Math.max(0, message.length + lie.by), 1);
      return wrong;
    }
  }
}

function framed(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

function passOn(stream: ServerHttp2Stream, { body, status, message, details }: Answered): void {
  const trailers = {
    'grpc-status': status,
    ...(message === '' ? {} : { 'grpc-message': message }),
    ...(details === undefined ? {} : { 'grpc-status-details-bin': details }),
  };
  if (stream.destroyed) return;
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.once('wantTrailers', () => stream.sendTrailers(trailers));
  stream.end(body);
}

async function ask(
  upstream: ClientHttp2Session,
  headers: IncomingHttpHeaders,
  body: Buffer,
): Promise<Answered> {
  const own = Object.entries(headers).filter(
    ([name]) => !name.startsWith(':') || name === ':path' || name === ':method',
  );
  const request = upstream.request(Object.fromEntries(own));
  const told: Record<string, string> = {};
  const note = (of: IncomingHttpHeaders): void => {
    for (const [name, value] of Object.entries(of)) {
      if (name.startsWith('grpc-')) told[name] = String(value);
    }
  };
  request.on('response', note);
  request.on('trailers', note);
  request.end(body);
  const answered = await bytesOf(request);
  if (!request.closed) await once(request, 'close');
  return {
    body: answered,
    status: told['grpc-status'] ?? '2',
    message: told['grpc-message'] ?? '',
    details: told['grpc-status-details-bin'],
  };
}

async function bytesOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
