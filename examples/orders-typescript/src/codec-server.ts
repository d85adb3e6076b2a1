import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Payload } from '@temporalio/common';
import { EncryptionCodec } from './encryption-codec';

/**
 * A codec server that decodes, for this machine alone: `POST …/decode`, as https://docs.temporal.io/codec-server
 * describes it. It takes the key from `ENCRYPTION_KEY`, a free port, and prints its address when it listens. With
 * `CODEC_AUTH` it answers only requests with this header `Authorization`.
 */
interface JsonPayload {
  metadata?: Record<string, string>;
  data?: string;
}

const codec = EncryptionCodec.fromEnvironment();
const authorization = process.env['CODEC_AUTH'] ?? '';

const server = createServer((request, response) => {
  answer(request).then(
    ([status, body]) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    // A payload of another key, or no payload: its message holds nothing of it.
    (error: unknown) => response.writeHead(400).end(error instanceof Error ? error.message : ''),
  );
});
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

async function answer(request: IncomingMessage): Promise<[status: number, body: unknown]> {
  if (authorization !== '' && request.headers.authorization !== authorization) return [401, {}];
  if (request.method !== 'POST' || !request.url?.endsWith('/decode')) return [404, {}];
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { payloads = [] } = JSON.parse(Buffer.concat(chunks).toString()) as {
    payloads?: JsonPayload[];
  };
  return [200, { payloads: (await codec.decode(payloads.map(fromJson))).map(toJson) }];
}

function fromJson({ metadata = {}, data = '' }: JsonPayload): Payload {
  return {
    metadata: mapValues(metadata, (text) => Buffer.from(text, 'base64')),
    data: Buffer.from(data, 'base64'),
  };
}

function toJson({ metadata, data }: Payload): JsonPayload {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  return { metadata: mapValues(metadata ?? {}, base64), data: base64(data ?? Buffer.of()) };
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
