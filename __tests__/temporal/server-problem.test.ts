import { describe, expect, test } from '@jest/globals';
import type { ConnectionSettings } from '../../src/model/settings.js';
import { UserError } from '../../src/model/user-error.js';
import { CONNECTING, GRPC, grpcCode, serverProblem } from '../../src/temporal/server-problem.js';
import { SPEAKS_HTTP1 } from '../../src/temporal/probe.js';
import { grpcError } from '../builders/fake-server.js';

const PLAIN: ConnectionSettings = { address: 'localhost:7233', namespace: 'orders' };
const TLS: ConnectionSettings = { ...PLAIN, tls: { serverName: 'temporal.test' } };

/** As the client hides it: the deadline in front, the socket's words behind. */
const hidden = (words: string): Error =>
  new Error('Failed to connect before the deadline', {
    cause: grpcError(14, 'UNAVAILABLE', `No connection established. Last error: ${words}`),
  });

interface Case {
  readonly says: string;
  readonly error: unknown;
  readonly found: RegExp;
  readonly fix: RegExp;
  readonly settings?: ConnectionSettings;
}

const CASES: readonly Case[] = [
  {
    says: 'the server demands a certificate',
    error: hidden('tlsv13 alert certificate required: SSL alert number 116'),
    found: /demands a client certificate/u,
    fix: /set client-cert and client-key/u,
    settings: TLS,
  },
  {
    says: 'the server does not trust the CA of the certificate',
    error: hidden('tlsv1 alert unknown ca: SSL alert number 48'),
    found: /does not accept the client certificate/u,
    fix: /check client-cert/u,
    settings: TLS,
  },
  {
    says: 'the server finds the certificate bad',
    error: hidden('sslv3 alert bad certificate: SSL alert number 42'),
    found: /does not accept the client certificate/u,
    fix: /check client-cert/u,
    settings: TLS,
  },
  {
    says: 'the client certificate has expired',
    error: hidden('sslv3 alert certificate expired: SSL alert number 45'),
    found: /client certificate has expired/u,
    fix: /issue a new certificate/u,
    settings: TLS,
  },
  {
    says: "the server's certificate is for another name",
    error: hidden(
      "Hostname/IP does not match certificate's altnames: Host: localhost. is not in the cert's altnames",
    ),
    found: /is for another name/u,
    fix: /set server-name/u,
    settings: TLS,
  },
  ...[
    'self-signed certificate in certificate chain',
    'unable to get local issuer certificate',
    'unable to verify the first certificate',
  ].map((words) => ({
    says: words,
    error: hidden(words),
    found: /cannot be verified/u,
    fix: /set server-ca-cert/u,
    settings: TLS,
  })),
  ...['certificate has expired', 'certificate is not yet valid'].map((words) => ({
    says: `the server's ${words}`,
    error: hidden(words),
    found: /The certificate of .* is not valid now/u,
    fix: /operator renew it/u,
    settings: TLS,
  })),
  ...[
    SPEAKS_HTTP1,
    'tlsv1 alert no application protocol: SSL alert number 120',
    'Received HTTP status code 404',
  ].map((words) => ({
    says: words,
    error: hidden(words),
    found: /is a web server and no Temporal frontend/u,
    fix: /web UI/u,
    settings: TLS,
  })),
  {
    says: 'the name is unknown',
    error: hidden('getaddrinfo ENOTFOUND localhost'),
    found: /cannot be reached \(listing executions\): its name cannot be resolved/u,
    fix: /check address for typing errors/u,
  },
  {
    says: 'the server speaks no TLS',
    error: hidden('write EPROTO 0A00010B:SSL routines:ssl3_get_record:wrong version number'),
    found: /does not speak TLS/u,
    fix: /correct address, or remove client-cert, client-key, api-key/u,
    settings: TLS,
  },
  {
    says: 'there is no such namespace',
    error: grpcError(GRPC.NOT_FOUND, 'NOT_FOUND', 'Namespace orders is not found.'),
    found: /has no namespace "orders"/u,
    fix: /correct namespace/u,
  },
  {
    says: 'the credential may not',
    error: grpcError(GRPC.PERMISSION_DENIED, 'PERMISSION_DENIED', 'Request unauthorized.'),
    found: /gives no permission for "orders" \(listing executions\)/u,
    fix: /give its identity the right to read the namespace/u,
    settings: { ...PLAIN, apiKey: 'key' },
  },
  {
    says: 'there is no credential, and one is needed',
    error: grpcError(GRPC.PERMISSION_DENIED, 'PERMISSION_DENIED', 'Request unauthorized.'),
    found: /gives no permission for "orders"/u,
    fix: /set api-key, or client-cert and client-key/u,
  },
  {
    says: 'the API key is none',
    error: grpcError(GRPC.UNAUTHENTICATED, 'UNAUTHENTICATED', 'no token'),
    found: /does not accept the credential/u,
    fix: /API key has not expired/u,
    settings: { ...TLS, apiKey: 'key' },
  },
  {
    says: 'the certificate is nobody',
    error: grpcError(GRPC.UNAUTHENTICATED, 'UNAUTHENTICATED', 'no token'),
    found: /does not accept the credential/u,
    fix: /check client-cert and client-key/u,
    settings: { ...PLAIN, tls: { clientCertificate: { certificate: 'c', key: 'k' } } },
  },
  ...(
    [
      [13, 'INTERNAL'],
      [2, 'UNKNOWN'],
      [15, 'DATA_LOSS'],
      [9, 'FAILED_PRECONDITION'],
    ] as const
  ).map(([code, name]) => ({
    says: `something is wrong in the server: ${name}`,
    error: grpcError(code, name, 'panic: index out of range'),
    found: new RegExp(`an error of its own, gRPC status ${code} .*panic: index`, 'u'),
    fix: /server's log/u,
  })),
  {
    says: 'the server takes too long',
    error: grpcError(GRPC.DEADLINE_EXCEEDED, 'DEADLINE_EXCEEDED', 'context deadline exceeded'),
    found: /did not answer in time \(listing executions\)/u,
    fix: /run again later/u,
  },
  {
    says: 'the query is not valid',
    error: grpcError(GRPC.INVALID_ARGUMENT, 'INVALID_ARGUMENT', 'invalid query: LIMIT'),
    found: /rejects the request.*invalid query: LIMIT/u,
    fix: /check the input query/u,
  },
  {
    says: 'the rate limit is reached',
    error: grpcError(GRPC.RESOURCE_EXHAUSTED, 'RESOURCE_EXHAUSTED', 'namespace rate limit'),
    found: /over its rate limit/u,
    fix: /max-requests-per-second/u,
  },
  {
    says: 'the request is unknown',
    error: grpcError(GRPC.UNIMPLEMENTED, 'UNIMPLEMENTED', 'unknown method'),
    found: /does not know this request/u,
    fix: /frontend's gRPC port, and not the web UI/u,
  },
  {
    says: 'nothing answers',
    error: hidden('connect ECONNREFUSED 127.0.0.1:7233'),
    found: /cannot be reached \(listing executions\): nothing listens there.*ECONNREFUSED/u,
    fix: /its port above all/u,
  },
  {
    says: 'nothing answers to TLS',
    error: hidden('connect ETIMEDOUT 127.0.0.1:7233'),
    found: /cannot be reached/u,
    fix: /check address/u,
    settings: TLS,
  },
  {
    says: 'the connection breaks',
    error: hidden('read ECONNRESET'),
    found: /cannot be reached/u,
    fix: /whether the server needs TLS/u,
  },
];

test.each(CASES)('$says', ({ error, found, fix, settings = PLAIN }) => {
  const problem = serverProblem(error, settings, 'listing executions');
  expect(problem).toBeInstanceOf(UserError);
  expect(problem.found).toMatch(found);
  expect(problem.found).toContain('localhost:7233');
  expect(problem.expected).toBeTruthy();
  expect(problem.fix).toMatch(fix);
  expect(problem.cause).toBe(error);
});

describe('a refusal while connecting', () => {
  const refusal = grpcError(GRPC.PERMISSION_DENIED, 'PERMISSION_DENIED', 'Request unauthorized.');

  test('is one of the credential itself: nothing of a namespace was asked yet', () => {
    const { found } = serverProblem(refusal, { ...TLS, apiKey: 'key' }, CONNECTING);
    expect(found).toMatch(/does not accept the credential \(connecting\)/u);
  });

  test('never repeats the credential', () => {
    const { message } = serverProblem(refusal, { ...TLS, apiKey: 'very-secret' }, CONNECTING);
    expect(message).not.toContain('very-secret');
  });
});

describe('what the server says', () => {
  test('is repeated short and readable', () => {
    const said = `\u001b[31mno\u202e\n::error::${'x'.repeat(5000)}`;
    const { found } = serverProblem(grpcError(14, 'UNAVAILABLE', said), PLAIN, 'connecting');
    expect(found).not.toMatch(/\p{C}/u);
    expect(found.length).toBeLessThan(500);
  });

  test('may be no error at all', () => {
    expect(serverProblem('hung up', PLAIN, 'connecting').found).toContain('hung up');
  });
});

describe('the gRPC code', () => {
  test("is the error's own, or its cause's", () => {
    expect(grpcCode(grpcError(5, 'NOT_FOUND', 'x'))).toBe(5);
    expect(grpcCode(new Error('x', { cause: grpcError(8, 'RESOURCE_EXHAUSTED', 'y') }))).toBe(8);
  });

  test("is not that of the operating system's errors, or of none", () => {
    expect(grpcCode(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }))).toBeUndefined();
    expect(grpcCode(undefined)).toBeUndefined();
    expect(grpcCode('x')).toBeUndefined();
  });
});
