import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ordersWorkspace } from '../../testing/orders-application.js';
import { checkPullRequest, type CheckResult } from '../../testing/pull-request-check.js';
import { findTemporalServer } from '../../testing/temporal-binary.js';
import { startServer, type RunningTlsServer } from '../../testing/temporal-server.js';
import { canRun } from '../../testing/toolchain.js';
import type { Workspace } from '../../testing/workspace.js';

/** A real server that refuses whoever shows no certificate. */
(canRun(await findTemporalServer()) ? describe : describe.skip)('a server with mTLS', () => {
  let server: RunningTlsServer;
  let workspace: Workspace;
  beforeAll(async () => {
    server = await startServer({ tls: true });
    workspace = await ordersWorkspace();
  }, 120_000);
  afterAll(async () => {
    await workspace.remove();
    await server.stop();
  });

  const check = async (inputs: Record<string, string>): Promise<CheckResult> => {
    const { certificates } = server;
    const result = await checkPullRequest(workspace, {
      title: '[compatible-v1.0] Ship faster',
      inputs: { address: server.address, 'task-queue': 'orders', ...inputs },
    });
    // Whatever happens, no part of a private key is printed or reported.
    const shown = result.stdout.replace(/^::add-mask::.*$/gmu, '') + result.stderr + result.summary;
    for (const { key } of [certificates.client, certificates.foreignClient]) {
      for (const line of key.split('\n').filter((text) => text.length > 20)) {
        expect(shown.includes(line) && !line.includes('-----')).toBe(false);
      }
    }
    return result;
  };
  const said = (result: CheckResult): string => result.annotations[0]?.message ?? '';

  test('with the certificate and key as PEM text the server answers', async () => {
    const { ca, client } = server.certificates;
    const result = await check({
      'client-cert': client.cert,
      'client-key': client.key,
      'server-ca-cert': ca.cert,
    });
    // It answers that it has no version sets: the connection stands.
    expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'unknown-build' });
    expect(said(result)).toMatch(/task queue orders has no version sets/u);
  }, 60_000);

  test('certificate and key as paths, line breaks written as \\n, and a server name', async () => {
    const { ca, client } = server.certificates;
    const paths = await check({
      'client-cert': client.certPath,
      'client-key': client.keyPath,
      'server-ca-cert': ca.certPath,
      'server-name': server.serverName,
    });
    expect(paths.outputs['reason']).toBe('unknown-build');
    const escaped = await check({
      'client-cert': client.cert.replaceAll('\n', '\\n'),
      'client-key': client.key.replaceAll('\n', '\\n'),
      'server-ca-cert': ca.cert.replaceAll('\n', '\r\n'),
    });
    expect(escaped.outputs['reason']).toBe('unknown-build');
  }, 60_000);

  test('without a certificate: red, and it says that the server demands one', async () => {
    const result = await check({ 'server-ca-cert': server.certificates.ca.cert });
    expect(result.exitCode).toBe(1);
    expect(result.outputs['reason']).toBe('error');
    expect(said(result)).toMatch(/demands a client certificate.*set client-cert and client-key/u);
  }, 60_000);

  test('without TLS at all: red, and it says that the server speaks TLS only', async () => {
    const result = await check({});
    expect(result.outputs['reason']).toBe('error');
    expect(said(result)).toMatch(/speaks TLS only/u);
  }, 60_000);

  test("another authority's certificate is refused, in words", async () => {
    const { ca, foreignClient } = server.certificates;
    const result = await check({
      'client-cert': foreignClient.cert,
      'client-key': foreignClient.key,
      'server-ca-cert': ca.cert,
    });
    expect(said(result)).toMatch(/does not accept the client certificate/u);
  }, 60_000);

  test('an expired certificate is recognised before anything is sent', async () => {
    const { ca, expiredClient } = server.certificates;
    const result = await check({
      'client-cert': expiredClient.cert,
      'client-key': expiredClient.key,
      'server-ca-cert': ca.cert,
    });
    expect(said(result)).toMatch(/expired on \d{4}-/u);
  }, 60_000);

  test('a server whose certificate no known authority signed is named with the way out', async () => {
    const { client } = server.certificates;
    const result = await check({ 'client-cert': client.cert, 'client-key': client.key });
    expect(said(result)).toMatch(/cannot be verified.*set server-ca-cert/u);
  }, 60_000);

  test('a server name that its certificate does not carry', async () => {
    const { ca, client } = server.certificates;
    const result = await check({
      'client-cert': client.cert,
      'client-key': client.key,
      'server-ca-cert': ca.cert,
      'server-name': 'elsewhere.test',
    });
    expect(said(result)).toMatch(/is for another name.*set server-name/u);
  }, 60_000);
});
