import { afterEach, describe, expect, test } from '@jest/globals';
import { encodingOf } from '../../../src/temporal/codec/encoded-payloads.js';
import { RemoteCodec, UndecodablePayloads } from '../../../src/temporal/codec/remote-codec.js';
import type { IPayload } from '../../../src/temporal/history/proto.js';
import { codecSettings } from '../../../src/inputs/codec-settings.js';
import { parseInputs } from '../../../src/inputs/raw-inputs.js';
import { UserError } from '../../../src/model/user-error.js';
import {
  exampleCodec,
  startCodecServer,
  type CodecAnswer,
  type CodecServerOptions,
  type RunningCodecServer,
} from '../../../testing/codec-server.js';
import { freePort } from '../../../testing/free-port.js';

const NEVER = new AbortController().signal;
const QUICK = { timeoutMs: 2_000, attempts: 3, pauseMs: 5, longestPauseMs: 50 };

const servers: RunningCodecServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function serve(options: CodecServerOptions = {}): Promise<RunningCodecServer> {
  const server = await startCodecServer(options);
  servers.push(server);
  return server;
}

/** A server that answers every request the same way. */
const answering = (answer: CodecAnswer | 'hang') => serve({ instead: () => answer });

function codecOf(endpoint: string, authorization = '', pace = QUICK): RemoteCodec {
  const inputs = { 'codec-endpoint': endpoint, 'codec-auth': authorization };
  const settings = codecSettings(
    parseInputs((name) => (inputs as Record<string, string>)[name]),
    'orders.a1b2c',
  );
  if (settings === undefined) throw new Error('no codec');
  return new RemoteCodec(settings, pace);
}

const plain = (text: string): IPayload => ({
  metadata: { encoding: Buffer.from('json/plain') },
  data: Buffer.from(JSON.stringify(text)),
});
const encrypt = async (payloads: IPayload[]): Promise<IPayload[]> =>
  (await exampleCodec()).encode(payloads);
const textOf = ({ data }: IPayload): unknown => JSON.parse(Buffer.from(data ?? []).toString());

async function problemOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

async function userErrorOf(promise: Promise<unknown>): Promise<UserError> {
  const error = await problemOf(promise);
  if (!(error instanceof UserError)) throw error;
  expect(error.expected).toBeTruthy();
  expect(error.fix).toBeTruthy();
  return error;
}

describe('the protocol', () => {
  test('payloads come back decoded, in their order, with the namespace and the credential sent', async () => {
    const server = await serve({ authorization: 'Bearer let-me-in' });
    const codec = codecOf(`${server.url}/codecs/{namespace}/`, 'Bearer let-me-in');
    const decoded = await codec.decode(await encrypt([plain('a'), plain('é'), plain('')]), NEVER);
    expect(decoded.map(textOf)).toEqual(['a', 'é', '']);
    expect(decoded.map(encodingOf)).toEqual(['json/plain', 'json/plain', 'json/plain']);
    expect(server.requests).toMatchObject([
      {
        path: '/codecs/orders.a1b2c/decode',
        namespace: 'orders.a1b2c',
        authorization: 'Bearer let-me-in',
        payloads: 3,
      },
    ]);
  });

  test('without codec-auth no credential is sent; a query of the endpoint stays', async () => {
    const server = await serve();
    await codecOf(`${server.url}?team=orders`).decode(await encrypt([plain('a')]), NEVER);
    expect(server.requests).toMatchObject([
      { path: '/decode?team=orders', authorization: undefined },
    ]);
  });

  test('many bytes are sent in several requests', async () => {
    const server = await serve();
    const texts = Array.from({ length: 20 }, (_, index) => `${index} ${'x'.repeat(100_000)}`);
    const decoded = await codecOf(server.url).decode(await encrypt(texts.map(plain)), NEVER);
    expect(decoded.map(textOf)).toEqual(texts);
    expect(server.requests.length).toBeGreaterThan(4);
    for (const { bytes } of server.requests) expect(bytes).toBeLessThan(600_000);
  });

  test('a server that takes less is asked with less', async () => {
    const server = await serve({ maxBytes: 100_000 });
    const texts = Array.from({ length: 30 }, (_, index) => `${index} ${'x'.repeat(10_000)}`);
    const codec = codecOf(server.url);
    expect((await codec.decode(await encrypt(texts.map(plain)), NEVER)).map(textOf)).toEqual(texts);
    // What it learnt holds for the next history.
    const before = server.requests.length;
    await codec.decode(await encrypt(texts.slice(0, 4).map(plain)), NEVER);
    expect(server.requests.slice(before).every(({ bytes }) => bytes <= 100_000)).toBe(true);
  });

  test('one payload that is too large concerns its history only', async () => {
    const server = await serve({ maxBytes: 1_000 });
    const error = await problemOf(
      codecOf(server.url).decode(await encrypt([plain('x'.repeat(5_000))]), NEVER),
    );
    expect(error).toBeInstanceOf(UndecodablePayloads);
    expect(error.message).toMatch(/takes no request of \d+ bytes/u);
  });
});

describe('payloads that the codec will not decode concern their history only', () => {
  test('another key', async () => {
    const server = await serve({ key: Buffer.alloc(32, 1) });
    const error = await problemOf(codecOf(server.url).decode(await encrypt([plain('a')]), NEVER));
    expect(error).toBeInstanceOf(UndecodablePayloads);
    expect(error.message).toMatch(/cannot decode its payloads \(HTTP 400: .*authenticate/u);
    expect(server.requests).toHaveLength(1);
  });

  test('a server that fails on them, also when asked again', async () => {
    const server = await answering({ status: 500, body: 'Internal server error' });
    const error = await problemOf(codecOf(server.url).decode(await encrypt([plain('a')]), NEVER));
    expect(error).toBeInstanceOf(UndecodablePayloads);
    expect(error.message).toMatch(/fails on its payloads \(HTTP 500: Internal server error\)/u);
    expect(server.requests).toHaveLength(QUICK.attempts);
  });
});

describe('what passes is tried again', () => {
  test.each([429, 500, 502, 503, 504, 408])('HTTP %d', async (status) => {
    const server = await serve({
      instead: (attempt) => (attempt < 3 ? { status } : undefined),
    });
    const decoded = await codecOf(server.url).decode(await encrypt([plain('a')]), NEVER);
    expect(decoded.map(textOf)).toEqual(['a']);
    expect(server.requests).toHaveLength(3);
  });

  test('a request that hangs', async () => {
    const server = await serve({ instead: (attempt) => (attempt === 1 ? 'hang' : undefined) });
    const codec = codecOf(server.url, '', { ...QUICK, timeoutMs: 100 });
    expect((await codec.decode(await encrypt([plain('a')]), NEVER)).map(textOf)).toEqual(['a']);
  });

  test('as late as the server asks for, within bounds', async () => {
    const server = await serve({
      instead: (attempt) =>
        attempt === 1 ? { status: 429, headers: { 'retry-after': '3600' } } : undefined,
    });
    const codec = codecOf(server.url, '', { ...QUICK, longestPauseMs: 300 });
    const began = Date.now();
    await codec.decode(await encrypt([plain('a')]), NEVER);
    expect(Date.now() - began).toBeGreaterThanOrEqual(295);
  });

  test('but not once it is over', async () => {
    const server = await answering('hang');
    const abort = new AbortController();
    const decoding = problemOf(
      codecOf(server.url).decode(await encrypt([plain('a')]), abort.signal),
    );
    setTimeout(() => abort.abort(new Error('cancelled')), 50);
    expect((await decoding).message).toBe('cancelled');
  });
});

describe('a codec that cannot be used is one clear error', () => {
  const cases: [name: string, answer: CodecAnswer, found: RegExp, fix: RegExp][] = [
    ['too many requests', { status: 429 }, /answers with an error \(HTTP 429\)/u, /fetch-conc/u],
    ['bad gateway', { status: 502 }, /answers with an error \(HTTP 502\)/u, /server's log/u],
    ['another error', { status: 418, body: 'teapot' }, /\(HTTP 418: teapot\)/u, /server's log/u],
    ['not found', { status: 404, body: 'no' }, /has no \/decode \(HTTP 404: no\)/u, /correct/u],
    ['not allowed', { status: 405 }, /has no \/decode \(HTTP 405\)/u, /without \/decode/u],
    [
      'a redirect',
      { status: 302, headers: { location: 'https://login.example/' } },
      /redirects to another address \(HTTP 302\)/u,
      /final address/u,
    ],
    [
      'a page',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Log in</html>' },
      /something else than the decoded payloads: it is no JSON, text\/html/u,
      /login page/u,
    ],
    [
      'another document',
      { status: 200, body: '{"a":1}' },
      /it has no list "payloads"/u,
      /Temporal/u,
    ],
    ['null', { status: 200, body: 'null' }, /it has no list "payloads"/u, /Temporal/u],
    [
      'too few payloads',
      { status: 200, body: '{"payloads":[]}' },
      /it holds 0 payloads for 1/u,
      /Temporal/u,
    ],
    [
      'no payload',
      { status: 200, body: '{"payloads":[3]}' },
      /a payload in it has the wrong form/u,
      /Tem/u,
    ],
    [
      'an encoding that is not in base64',
      { status: 200, body: '{"payloads":[{"metadata":{"encoding":"json/plain"},"data":"ImEi"}]}' },
      /names no encoding in base64/u,
      /Temporal/u,
    ],
    [
      'data that is not in base64',
      { status: 200, body: '{"payloads":[{"metadata":{},"data":{"a":1}}]}' },
      /is not in base64/u,
      /Temporal/u,
    ],
  ];

  test.each(cases)('%s', async (_, answer, found, fix) => {
    const server = await answering(answer);
    const error = await userErrorOf(codecOf(server.url).decode(await encrypt([plain('a')]), NEVER));
    expect(error.found).toMatch(found);
    expect(error.found).toContain(server.url);
    expect(error.fix).toMatch(fix);
  });

  test('no credential, and a wrong one, which is not repeated even if the server does', async () => {
    const server = await serve({ authorization: 'Bearer right' });
    const payloads = await encrypt([plain('a')]);
    const without = await userErrorOf(codecOf(server.url).decode(payloads, NEVER));
    expect(without.found).toMatch(/demands a credential \(HTTP 401: no credential\)/u);
    expect(without.fix).toMatch(/set codec-auth/u);
    const wrong = await userErrorOf(
      codecOf(server.url, 'Bearer very-secret').decode(payloads, NEVER),
    );
    expect(wrong.found).toMatch(
      /refuses the credential of codec-auth \(HTTP 403: \*\*\* may not\)/u,
    );
    expect(wrong.message).not.toContain('very-secret');
    // A refusal is no passing fault.
    expect(server.requests).toHaveLength(2);
  });

  test('a redirect is not followed: neither payloads nor credential travel', async () => {
    const elsewhere = await serve();
    const server = await answering({
      status: 307,
      headers: { location: `${elsewhere.url}/decode` },
    });
    await userErrorOf(codecOf(server.url, 'secret').decode(await encrypt([plain('a')]), NEVER));
    expect(elsewhere.requests).toEqual([]);
  });

  test('nobody there', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const error = await userErrorOf(codecOf(url).decode(await encrypt([plain('a')]), NEVER));
    expect(error.found).toMatch(/cannot be reached \(.*ECONNREFUSED/u);
    expect(error.fix).toMatch(/check codec-endpoint/u);
  });

  test('no answer', async () => {
    const server = await answering('hang');
    const codec = codecOf(server.url, '', { ...QUICK, timeoutMs: 50 });
    const error = await userErrorOf(codec.decode(await encrypt([plain('a')]), NEVER));
    expect(error.found).toMatch(/cannot be reached \(no answer in time/u);
    expect(server.requests).toHaveLength(QUICK.attempts);
  });

  test('what was decrypted is never in an error', async () => {
    const server = await answering({ status: 200, body: '{"payloads": ["customer 4711"' });
    const error = await userErrorOf(codecOf(server.url).decode(await encrypt([plain('a')]), NEVER));
    expect(error.message).not.toContain('4711');
  });
});
