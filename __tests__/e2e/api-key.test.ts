/** @tier middle */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startKeyServer, type KeyServer } from '../../testing/json-web-keys.js';
import { JUDGED_INPUTS, judgedWorkspace } from '../../testing/judged-workspace.js';
import { OrdersApplication } from '../../testing/orders-application.js';
import { checkHere, type CheckResult } from '../../testing/pull-request-check.js';
import { findTemporalServer } from '../../testing/temporal-binary.js';
import { startServer, type RunningTlsServer } from '../../testing/temporal-server.js';
import { skipUnless } from '../../testing/skip-unless.js';
import type { Workspace } from '../../testing/workspace.js';

/** A real server with TLS that asks for an API key and looks at what its owner may do. */
skipUnless(await findTemporalServer()).describe('a server with API keys', () => {
  let keys: KeyServer;
  let server: RunningTlsServer;
  let workspace: Workspace;
  let adminKey: string;
  const taskQueue = 'orders';

  beforeAll(async () => {
    keys = await startKeyServer();
    adminKey = keys.token({ subject: 'admin', permissions: ['temporal-system:admin'] });
    server = await startServer({
      tls: true,
      authorization: { keySourceUri: keys.url, adminKey },
    });
    const application = await OrdersApplication.compile();
    const environment = {
      TEMPORAL_API_KEY: adminKey,
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: server.certificates.ca.certPath,
    };
    await application.runExecutions({ server, taskQueue, environment }, 1, ['reminder-sleeping']);
    await application.remove();
    workspace = await judgedWorkspace();
  });
  afterAll(async () => {
    await workspace.remove();
    await server.stop();
    await keys.stop();
  });

  const reader = (namespace = server.namespace) =>
    keys.token({ subject: 'replay', permissions: [`${namespace}:read`] });

  async function check(
    apiKey: string,
    inputs: Record<string, string> = {},
    env: Record<string, string> = {},
  ): Promise<CheckResult> {
    const result = await checkHere(workspace, {
      title: '[compatible-v1.0] Tidy up',
      inputs: {
        address: server.address,
        'server-ca-cert': server.certificates.ca.cert,
        versioning: 'none',
        query: `TaskQueue = "${taskQueue}"`,
        'api-key': apiKey,
        ...JUDGED_INPUTS,
        ...inputs,
      },
      env,
    });
    const shown = result.stdout.replace(/^::add-mask::.*$/gmu, '') + result.stderr + result.summary;
    for (const part of apiKey.split('.').slice(1)) expect(shown).not.toContain(part);
    return result;
  }
  const said = (result: CheckResult): string => result.annotations[0]?.message ?? '';

  test('a key that may only read the namespace is enough', async () => {
    const result = await check(reader());
    expect(result.annotations).toEqual([]);
    expect(result.outputs).toMatchObject({ verdict: 'compatible', passed: '1' });
  });

  test('so is one of a variable, beside its address, and it never goes to another', async () => {
    const configured = {
      TEMPORAL_ADDRESS: server.address,
      TEMPORAL_API_KEY: reader(),
      TEMPORAL_TLS_SERVER_CA_CERT_DATA: server.certificates.ca.cert,
    };
    const beside = await check('', { address: '', 'server-ca-cert': '' }, configured);
    expect(beside.outputs['verdict']).toBe('compatible');
    const elsewhere = await check('', {}, configured);
    expect(said(elsewhere)).toMatch(/gives no permission for .*set api-key/u);
  });

  test('together with a client certificate it works as well', async () => {
    const { client } = server.certificates;
    const result = await check(reader(), { 'client-cert': client.cert, 'client-key': client.key });
    expect(result.outputs['verdict']).toBe('compatible');
  });

  test('a key without rights on this namespace: no permission, and what to give it', async () => {
    const result = await check(reader('billing'));
    expect(result.exitCode).toBe(1);
    expect(result.outputs['reason']).toBe('error');
    expect(said(result)).toMatch(
      /gives no permission for "default" .*give its identity the right to read the namespace/u,
    );
  });

  test('the same where versions are looked up: it is not taken for a switched-off API', async () => {
    const result = await check(reader('billing'), {
      versioning: 'auto',
      'task-queue': taskQueue,
      query: '',
    });
    expect(said(result)).toMatch(/gives no permission for "default"/u);
  });

  test.each<[what: string, key: () => string]>([
    [
      'has expired',
      () => keys.token({ subject: 'replay', permissions: ['default:read'], expiresIn: -60 }),
    ],
    ['is no token', () => 'not-a-token-at-all'],
    ['another server signed', () => `${reader().split('.').slice(0, 2).join('.')}.AAAA`],
  ])('a key that %s is not accepted', async (_, key) => {
    const result = await check(key());
    expect(result.outputs['reason']).toBe('error');
    expect(said(result)).toMatch(
      /does not accept the credential \(connecting\).*check that the API key has not expired/u,
    );
  });

  test('no key at all', async () => {
    const result = await check('');
    expect(said(result)).toMatch(/gives no permission for "default".*set api-key/u);
  });
});
