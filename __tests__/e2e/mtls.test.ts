/** @tier middle */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { JUDGED_INPUTS, judgedWorkspace } from '../../testing/judged-workspace.js';
import { checkHere, type CheckResult } from '../../testing/pull-request-check.js';
import { findTemporalServer } from '../../testing/temporal-binary.js';
import { startServer, type RunningTlsServer } from '../../testing/temporal-server.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import { skipUnless } from '../../testing/skip-unless.js';
import type { Workspace } from '../../testing/workspace.js';

/** A real server that refuses whoever shows no certificate. */
skipUnless(await findTemporalServer()).describe('a server with mTLS', () => {
  let server: RunningTlsServer;
  let workspace: Workspace;
  beforeAll(async () => {
    server = await startServer({ tls: true });
    workspace = await judgedWorkspace();
  });
  afterAll(async () => {
    await workspace.remove();
    await server.stop();
  });

  const check = async (
    inputs: Record<string, string>,
    env: Record<string, string> = {},
  ): Promise<CheckResult> => {
    const { certificates } = server;
    const result = await checkHere(workspace, {
      title: '[compatible-v1.0] Ship faster',
      inputs: { address: server.address, 'task-queue': 'orders', ...JUDGED_INPUTS, ...inputs },
      env,
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
  });

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
  });

  test('a chain over an intermediate authority, with an RSA key', async () => {
    const { ca, chainedClient } = server.certificates;
    const inputs = { 'client-key': chainedClient.key, 'server-ca-cert': ca.cert };
    const whole = await check({ ...inputs, 'client-cert': chainedClient.cert });
    expect(whole.outputs['reason']).toBe('unknown-build');
    // Its first certificate alone leads to no authority that the server knows.
    const [alone = ''] = chainedClient.cert.split(/(?<=END CERTIFICATE-----\n)/u);
    const part = await check({ ...inputs, 'client-cert': alone });
    expect(said(part)).toMatch(/does not accept the client certificate/u);
  });

  describe('a profile of temporal.toml, outside of the workspace', () => {
    let folder: string;
    let env: Record<string, string>;
    beforeAll(async () => {
      folder = await temporaryFolder('temporal-config');
      const { ca, client } = server.certificates;
      const path = join(folder, 'temporal.toml');
      await writeFile(
        path,
        `
[profile.default]
address = "localhost:9"

[profile.production]
address = "${server.address}"
namespace = "${server.namespace}"
[profile.production.tls]
client_cert_path = "${client.certPath}"
client_key_path = "${client.keyPath}"
server_ca_cert_path = "${ca.certPath}"

[profile.by-text]
address = "${server.address}"
[profile.by-text.tls]
client_cert_data = ${JSON.stringify(client.cert)}
client_key_data = ${JSON.stringify(client.key)}
server_ca_cert_data = ${JSON.stringify(ca.cert)}

[profile.mismatch]
address = "${server.address}"
[profile.mismatch.tls]
client_cert_path = "${client.certPath}"
client_key_path = "${ca.keyPath}"
`,
      );
      env = { TEMPORAL_CONFIG_FILE: path };
    });
    afterAll(() => removeFolder(folder));

    test.each(['production', 'by-text'])('%s is all that is needed', async (profile) => {
      const result = await check({ address: '' }, { ...env, TEMPORAL_PROFILE: profile });
      expect(result.outputs['reason']).toBe('unknown-build');
    });

    test('the profile decides where to go', async () => {
      const result = await check({ address: '' }, env);
      expect(said(result)).toMatch(/localhost:9 cannot be reached/u);
    });

    test('namespace may come from an input, the credential still goes to its own address', async () => {
      const result = await check(
        { address: '', namespace: 'elsewhere' },
        { ...env, TEMPORAL_PROFILE: 'production' },
      );
      expect(said(result)).toMatch(/has no namespace "elsewhere"/u);
    });

    test("its credential never goes to an input's address", async () => {
      const result = await check({}, { ...env, TEMPORAL_PROFILE: 'production' });
      expect(said(result)).toMatch(/speaks TLS only/u);
    });

    test('its certificate and key are checked as those of inputs', async () => {
      const result = await check({ address: '' }, { ...env, TEMPORAL_PROFILE: 'mismatch' });
      expect(said(result)).toMatch(/TEMPORAL_TLS_CLIENT_KEY.*does not belong to the certificate/u);
    });

    test('a profile that is not there', async () => {
      const result = await check({ address: '' }, { ...env, TEMPORAL_PROFILE: 'staging' });
      expect(said(result)).toMatch(/Profile 'staging' not found/u);
    });

    test('inside of the workspace it is refused: pull-request code could write it', async () => {
      const path = join(workspace.path, 'temporal.toml');
      await writeFile(path, `[profile.default]\naddress = "${server.address}"\n`);
      const result = await check({ address: '' }, { TEMPORAL_CONFIG_FILE: path });
      await rm(path);
      expect(said(result)).toMatch(/configuration file lies inside the workspace/u);
    });
  });

  test('another namespace', async () => {
    const { ca, client } = server.certificates;
    const result = await check({
      'client-cert': client.cert,
      'client-key': client.key,
      'server-ca-cert': ca.cert,
      namespace: 'elsewhere',
    });
    expect(said(result)).toMatch(/has no namespace "elsewhere".*correct namespace/u);
  });

  test('without a certificate: red, and it says that the server demands one', async () => {
    const result = await check({ 'server-ca-cert': server.certificates.ca.cert });
    expect(result.exitCode).toBe(1);
    expect(result.outputs['reason']).toBe('error');
    expect(said(result)).toMatch(/demands a client certificate.*set client-cert and client-key/u);
  });

  test('without TLS at all: red, and it says that the server speaks TLS only', async () => {
    const result = await check({});
    expect(result.outputs['reason']).toBe('error');
    expect(said(result)).toMatch(/speaks TLS only/u);
  });

  test("another authority's certificate is refused, in words", async () => {
    const { ca, foreignClient } = server.certificates;
    const result = await check({
      'client-cert': foreignClient.cert,
      'client-key': foreignClient.key,
      'server-ca-cert': ca.cert,
    });
    expect(said(result)).toMatch(/does not accept the client certificate/u);
  });

  test('an expired certificate is recognised before anything is sent', async () => {
    const { ca, expiredClient } = server.certificates;
    const result = await check({
      'client-cert': expiredClient.cert,
      'client-key': expiredClient.key,
      'server-ca-cert': ca.cert,
    });
    expect(said(result)).toMatch(/expired on \d{4}-/u);
  });

  test("one of a time to come, and one with another's key, too", async () => {
    const { futureClient, client, foreignClient } = server.certificates;
    const early = await check({
      'client-cert': futureClient.cert,
      'client-key': futureClient.key,
    });
    expect(said(early)).toMatch(/Input client-cert .* is valid only from 2090-/u);
    const mixed = await check({ 'client-cert': client.cert, 'client-key': foreignClient.key });
    expect(said(mixed)).toMatch(/Input client-key does not belong to the certificate/u);
  });

  test('a title without a claim is green, whatever the certificates are', async () => {
    const { client, foreignClient } = server.certificates;
    const title = 'Ship faster';
    for (const inputs of [
      // As a pull request from a fork has it: secrets are empty.
      { 'client-cert': '', 'client-key': '' },
      { 'client-cert': client.certPath, 'client-key': '' },
      { 'client-cert': 'nonsense', 'client-key': 'nonsense' },
      { 'client-cert': client.cert, 'client-key': foreignClient.key },
    ]) {
      const result = await checkHere(workspace, {
        title,
        inputs: { address: server.address, 'task-queue': 'orders', ...JUDGED_INPUTS, ...inputs },
      });
      expect(result.annotations).toEqual([]);
      expect(result.outputs).toMatchObject({ verdict: 'not-claimed', reason: 'no-claim' });
      expect(result.exitCode).toBe(0);
    }
  });

  test('a server whose certificate no known authority signed is named with the way out', async () => {
    const { client } = server.certificates;
    const result = await check({ 'client-cert': client.cert, 'client-key': client.key });
    expect(said(result)).toMatch(/cannot be verified.*set server-ca-cert/u);
  });

  test('a server name that its certificate does not carry', async () => {
    const { ca, client } = server.certificates;
    const result = await check({
      'client-cert': client.cert,
      'client-key': client.key,
      'server-ca-cert': ca.cert,
      'server-name': 'elsewhere.test',
    });
    expect(said(result)).toMatch(/is for another name.*set server-name/u);
  });
});
