import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { PayloadCodec } from '@temporalio/common';
import { freePort } from './free-port.js';
import { projectRoot } from './project-root.js';

/** What a request to the codec server was, and what was wrong with it by Temporal's protocol. */
export interface CodecRequest {
  readonly path: string;
  readonly namespace: string | undefined;
  readonly authorization: string | undefined;
  readonly bytes: number;
  readonly payloads: number;
}

export interface CodecServerOptions {
  /** 32 bytes; by default the example application's key for development. */
  readonly key?: Buffer;
  /** The only value of the header Authorization that is let in; undefined: anybody. */
  readonly authorization?: string;
  /** Larger requests are answered with 413, as web frameworks do. */
  readonly maxBytes?: number;
  /** An answer instead of the protocol's, or undefined for that. `attempt` counts from 1. */
  readonly instead?: (attempt: number) => CodecAnswer | 'hang' | undefined;
}

export interface CodecAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface RunningCodecServer {
  readonly url: string;
  readonly requests: readonly CodecRequest[];
  stop(): Promise<void>;
}

interface JsonPayload {
  metadata?: Record<string, string>;
  data?: string;
}

/**
 * A real codec server, with the codec of the example application. It is as strict as the protocol lets a
 * server be: method, path, content type, protobuf's JSON.
 */
export async function startCodecServer(
  options: CodecServerOptions = {},
): Promise<RunningCodecServer> {
  const codec = await exampleCodec(options.key);
  const requests: CodecRequest[] = [];

  const answer = async (request: IncomingMessage): Promise<CodecAnswer | 'hang'> => {
    const body = await readBody(request);
    const path = request.url ?? '';
    const header = (name: string): string | undefined => request.headers[name]?.toString();
    const payloads = parse(body);
    requests.push({
      path,
      namespace: header('x-namespace'),
      authorization: header('authorization'),
      bytes: body.length,
      payloads: payloads?.length ?? 0,
    });
    const instead = options.instead?.(requests.length);
    if (instead !== undefined) return instead;
    // As the Go SDK's handler does.
    if (request.method !== 'POST' || !path.split('?')[0]?.endsWith('/decode')) {
      return { status: 404, body: '404 page not found' };
    }
    if (options.authorization !== undefined) {
      const given = header('authorization');
      if (given === undefined) return { status: 401, body: 'no credential' };
      if (given !== options.authorization) return { status: 403, body: `${given} may not` };
    }
    if (header('content-type') !== 'application/json') return { status: 415 };
    if (body.length > (options.maxBytes ?? Infinity)) return { status: 413 };
    if (payloads === undefined) return { status: 400, body: 'proto: syntax error' };
    try {
      const decoded = await codec.decode(
        payloads.map(({ metadata = {}, data = '' }) => ({
          metadata: mapValues(metadata, (value) => Buffer.from(value, 'base64')),
          data: Buffer.from(data, 'base64'),
        })),
      );
      return {
        status: 200,
        body: JSON.stringify({
          payloads: decoded.map(({ metadata, data }) => ({
            metadata: mapValues(metadata ?? {}, (value) => Buffer.from(value).toString('base64')),
            data: Buffer.from(data ?? []).toString('base64'),
          })),
        }),
      };
    } catch (error) {
      return { status: 400, body: (error as Error).message };
    }
  };

  const server = createServer((request, response) => {
    void answer(request).then((given) => {
      if (given === 'hang') return;
      const { status, headers = { 'content-type': 'application/json' }, body = '' } = given;
      response.writeHead(status, headers).end(body);
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The codec with which the example application encrypts its payloads. */
export async function exampleCodec(key?: Buffer): Promise<PayloadCodec> {
  // Its module is CommonJS to the compiler, so it is loaded by its path.
  const path = join(projectRoot, 'examples', 'orders-typescript', 'src', 'encryption-codec.ts');
  const { EncryptionCodec } = (await import(path)) as {
    EncryptionCodec: new (key?: Buffer) => PayloadCodec;
  };
  return new EncryptionCodec(key);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Protobuf's JSON of `temporal.api.common.v1.Payloads`; undefined for anything else. */
function parse(body: Buffer): JsonPayload[] | undefined {
  try {
    const { payloads, ...unknown } = JSON.parse(body.toString('utf8')) as {
      payloads?: JsonPayload[];
    };
    const known = ['metadata', 'data'];
    const isStrict =
      Object.keys(unknown).length === 0 &&
      (payloads ?? []).every((one) => Object.keys(one).every((name) => known.includes(name)));
    return isStrict ? payloads : undefined;
  } catch {
    return undefined;
  }
}

function mapValues<T, R>(
  record: Readonly<Record<string, T>>,
  map: (value: T) => R,
): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
