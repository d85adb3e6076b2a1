import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ConnectionSettings } from '../../src/model/settings.js';
import { makeCertificates, type Certificates } from '../../testing/certificates.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';
import { problemOf, settingsOf, type Inputs } from './reading.js';

const workspace = new WorkspaceFolder();
let certificates: Certificates;

beforeAll(async () => {
  certificates = await makeCertificates(workspace.at('../certificates'));
});
afterAll(() => workspace.remove());

const ADDRESS = { address: 'temporal.internal:7233' };

function connectionOf(inputs: Inputs, variables: NodeJS.ProcessEnv = {}): ConnectionSettings {
  const { source } = settingsOf(inputs, { workspace, variables });
  if (source.kind !== 'server') throw new Error('not a server');
  return source.connection();
}

const refused = (inputs: Inputs, variables: NodeJS.ProcessEnv = {}) =>
  problemOf(() => connectionOf(inputs, variables));

describe('the address and the namespace', () => {
  const variables = { TEMPORAL_ADDRESS: 'from.variable:7233', TEMPORAL_NAMESPACE: 'variable' };

  test('come from the inputs before the variables', () => {
    expect(connectionOf({ address: 'from.input:7233', namespace: 'input' }, variables)).toEqual({
      address: 'from.input:7233',
      namespace: 'input',
    });
  });

  test('come from the standard variables', () => {
    expect(connectionOf({}, variables)).toEqual({
      address: 'from.variable:7233',
      namespace: 'variable',
    });
  });

  test('an empty variable is none', () => {
    expect(connectionOf({}, { TEMPORAL_ADDRESS: '', TEMPORAL_NAMESPACE: '' })).toEqual({
      address: 'localhost:7233',
      namespace: 'default',
    });
  });

  test.each(['localhost:7233', '127.0.0.1:7233', '[::1]:7233', 'a-b.c_d.e:1', 'x:65535'])(
    '%s is an address',
    (address) => {
      expect(connectionOf({ address }).address).toBe(address);
    },
  );

  test.each([
    'localhost',
    'localhost:0',
    'localhost:65536',
    'localhost:',
    ':7233',
    'http://localhost:7233',
    'https://orders.tmprl.cloud:7233/',
    'localhost:7233/path',
    '::1:7233',
    'user@host:7233',
    'host name:7233',
  ])('%s is none', (address) => {
    const problem = refused({ address });
    expect(problem.found).toBe(`The address is "${address}"`);
    expect(problem.expected).toContain('host:port');
  });

  test('of one with line breaks and control characters the error is one line', () => {
    const problem = refused({ address: 'temporal\n::error::internal\u001b[31m:7233' });
    expect(problem.found).toBe('The address is "temporal ::error::internal:7233"');
  });

  test('an address from a variable is checked too', () => {
    expect(refused({}, { TEMPORAL_ADDRESS: 'grpc://x' }).found).toContain('grpc://x');
  });
});

describe('credentials of variables and configuration files', () => {
  const configured = {
    TEMPORAL_ADDRESS: 'from.variable:7233',
    TEMPORAL_API_KEY: 'key-of-variable',
    TEMPORAL_GRPC_META_X_TEAM: 'orders',
  };

  test('go to the address that stands beside them', () => {
    expect(connectionOf({}, configured)).toMatchObject({
      address: 'from.variable:7233',
      apiKey: 'key-of-variable',
      metadata: { 'x-team': 'orders' },
    });
  });

  test("never go to an input's address", () => {
    const pair = certificates.client;
    const connection = connectionOf(ADDRESS, {
      ...configured,
      TEMPORAL_TLS_CLIENT_CERT_DATA: pair.cert,
      TEMPORAL_TLS_CLIENT_KEY_DATA: pair.key,
    });
    expect(connection).toEqual({ address: ADDRESS.address, namespace: 'default' });
  });

  test('are read as PEM texts', () => {
    const pair = certificates.client;
    const connection = connectionOf(
      {},
      {
        TEMPORAL_TLS_CLIENT_CERT_DATA: pair.cert,
        TEMPORAL_TLS_CLIENT_KEY_PATH: pair.keyPath,
        TEMPORAL_TLS_SERVER_CA_CERT_PATH: certificates.ca.certPath,
        TEMPORAL_TLS_SERVER_NAME: 'temporal.test',
      },
    );
    expect(connection.tls).toEqual({
      serverName: 'temporal.test',
      serverCaCertificate: certificates.ca.cert,
      clientCertificate: { certificate: pair.cert, key: pair.key },
    });
  });

  test('a configuration file outside of the workspace is read', () => {
    const path = workspace.file(
      '../config/temporal.toml',
      '[profile.default]\naddress = "from.file:7233"\nnamespace = "file"\napi_key = "key-of-file"\n',
    );
    expect(connectionOf({}, { TEMPORAL_CONFIG_FILE: path })).toMatchObject({
      address: 'from.file:7233',
      namespace: 'file',
      apiKey: 'key-of-file',
    });
  });

  test('variables go before the configuration file', () => {
    const path = workspace.file('../config/t.toml', '[profile.default]\nnamespace = "file"\n');
    const variables = { TEMPORAL_CONFIG_FILE: path, TEMPORAL_NAMESPACE: 'variable' };
    expect(connectionOf({}, variables).namespace).toBe('variable');
  });
});

describe('a configuration file that pull-request code could write is refused', () => {
  const TOML = '[profile.default]\naddress = "evil.example:7233"\n';

  test('in the workspace', () => {
    const path = workspace.file('config/temporal.toml', TOML);
    const problem = refused({}, { TEMPORAL_CONFIG_FILE: path });
    expect(problem.found).toContain('inside the workspace');
  });

  test('also when a link outside leads to it', () => {
    workspace.file('config/temporal.toml', TOML);
    const path = workspace.link('../config/linked.toml', 'config/temporal.toml');
    expect(refused({}, { TEMPORAL_CONFIG_FILE: path }).found).toContain('inside the workspace');
  });

  test('also when it is a link in the workspace that leads out', () => {
    workspace.file('../config/other.toml', TOML);
    const path = workspace.link('config/linked.toml', '../config/other.toml');
    expect(refused({}, { TEMPORAL_CONFIG_FILE: path }).found).toContain('inside the workspace');
  });

  test.each([
    ['XDG_CONFIG_HOME', 'xdg', 'xdg/temporalio/temporal.toml', {}],
    ['HOME', 'home', 'home/.config/temporalio/temporal.toml', {}],
    ['HOME', 'home', 'home/.config/temporalio/temporal.toml', { XDG_CONFIG_HOME: '' }],
  ])('also at its usual place, when %s lies in the workspace', (name, folder, path, more) => {
    workspace.file(path, TOML);
    const problem = refused({}, { [name]: workspace.at(folder), ...more });
    expect(problem.found).toContain('inside the workspace');
  });
});

describe('a configuration that cannot be read', () => {
  test('is told with how to fix it', () => {
    const problem = refused({}, { TEMPORAL_PROFILE: 'production' });
    expect(problem.found).toContain("Profile 'production' not found");
  });

  test('is told without what stands in the file', () => {
    const path = workspace.file(
      '../config/broken.toml',
      '[profile.default]\napi_key = "very-secret-key"\naddress = = "x"\n',
    );
    const problem = refused({}, { TEMPORAL_CONFIG_FILE: path });
    expect(problem.found).toContain('cannot be read');
    expect(problem.message).not.toContain('very-secret-key');
  });

  test('is told when a certificate file is missing', () => {
    const variables = { TEMPORAL_TLS_CLIENT_CERT_PATH: '/nowhere/client.pem' };
    expect(refused({}, variables).found).toContain('/nowhere/client.pem');
  });
});

describe('configured certificates and keys get the checks of the inputs', () => {
  const pair = (cert: string, key: string) => ({
    TEMPORAL_TLS_CLIENT_CERT_DATA: cert,
    TEMPORAL_TLS_CLIENT_KEY_DATA: key,
  });

  test('escaped line breaks are understood', () => {
    const { cert, key } = certificates.client;
    const variables = pair(cert.replaceAll('\n', '\\n'), key.replaceAll('\n', '\r\n'));
    expect(connectionOf({}, variables).tls?.clientCertificate).toEqual({ certificate: cert, key });
  });

  test('another key', () => {
    const { found } = refused({}, pair(certificates.client.cert, certificates.server.key));
    expect(found).toContain('TEMPORAL_TLS_CLIENT_KEY_*) does not belong to the certificate');
  });

  test('expired', () => {
    const { cert, key } = certificates.expiredClient;
    expect(refused({}, pair(cert, key)).found).toMatch(/TEMPORAL_TLS_CLIENT_CERT.* expired on/u);
  });

  test('a CA that is none', () => {
    const { found } = refused({}, { TEMPORAL_TLS_SERVER_CA_CERT_DATA: certificates.ca.key });
    expect(found).toMatch(/TEMPORAL_TLS_SERVER_CA_CERT.* holds a private key/u);
  });

  test('an API key or metadata that no header can carry, without their values', () => {
    const key = refused({}, { TEMPORAL_API_KEY: 'very\nhidden' });
    expect(key.found).toContain('TEMPORAL_API_KEY) holds a line break');
    const meta = refused({}, { TEMPORAL_GRPC_META_X_TEAM: 'hidden-\u00e9' });
    expect(meta.found).toMatch(
      /"x-team" holds a control character or a character that is not ASCII/u,
    );
    expect(key.message + meta.message).not.toMatch(/hidden/u);
  });
});

describe('an API key from an input', () => {
  test('switches TLS on, and goes to the address that stands beside it', () => {
    expect(connectionOf({ ...ADDRESS, 'api-key': 'key' })).toEqual({
      address: ADDRESS.address,
      namespace: 'default',
      tls: {},
      apiKey: 'key',
    });
  });

  test('goes before a configured one, and with a certificate where both are given', () => {
    const { client, ca } = certificates;
    expect(
      connectionOf(
        {
          ...ADDRESS,
          'api-key': 'key',
          'client-cert': client.cert,
          'client-key': client.key,
          'server-ca-cert': ca.cert,
        },
        { TEMPORAL_API_KEY: 'other' },
      ),
    ).toMatchObject({
      apiKey: 'key',
      tls: {
        clientCertificate: { certificate: client.cert, key: client.key },
        serverCaCertificate: ca.cert,
      },
    });
  });

  test('demands the address as an input', () => {
    const problem = refused({ 'api-key': 'key' }, { TEMPORAL_ADDRESS: 'evil.example:7233' });
    expect(problem.found).toBe('Input api-key is set and address is not');
  });

  test.each([
    ['a line break', 'first-half\nsecond-half', /holds a line break/u],
    ['a control character', 'first-half\u0000', /control character/u],
    ['letters beyond ASCII', 'first-halfé', /not ASCII/u],
    ['white space', 'first-half second-half', /holds white space/u],
    ['the word that is added', 'Bearer first-half', /begins with "Bearer"/u],
  ])('with %s is refused, and never shown', (_, key, found) => {
    const problem = refused({ ...ADDRESS, 'api-key': key });
    expect(problem.found).toMatch(found);
    expect(problem.message).not.toContain('-half');
  });
});

describe('a certificate from inputs', () => {
  const inputs = (): Inputs => ({
    ...ADDRESS,
    'client-cert': certificates.client.cert,
    'client-key': certificates.client.key,
  });

  test('is used with its key', () => {
    expect(connectionOf(inputs()).tls).toEqual({
      clientCertificate: { certificate: certificates.client.cert, key: certificates.client.key },
    });
  });

  test('is used together with the CA and the name of the server', () => {
    const { tls } = connectionOf({
      ...inputs(),
      'server-ca-cert': certificates.ca.certPath,
      'server-name': 'temporal.test',
    });
    expect(tls).toMatchObject({
      serverName: 'temporal.test',
      serverCaCertificate: certificates.ca.cert,
    });
  });

  test('demands the address as an input: a variable could send it elsewhere', () => {
    const { address: _, ...without } = inputs();
    const problem = refused(without, { TEMPORAL_ADDRESS: 'evil.example:7233' });
    expect(problem.found).toContain('address is not');
  });

  test.each(['client-cert', 'client-key'] as const)(
    'is refused without its other half: %s',
    (only) => {
      const problem = refused({ ...ADDRESS, [only]: inputs()[only] ?? '' });
      expect(problem.found).toMatch(new RegExp(`Input ${only} is set and client-.* is not`, 'u'));
      expect(problem.fix).toContain('forks get no secrets');
    },
  );

  test("switches nothing else on: a server's name or CA alone is TLS without a client certificate", () => {
    expect(connectionOf({ ...ADDRESS, 'server-name': 'temporal.test' }).tls).toEqual({
      serverName: 'temporal.test',
    });
  });

  test('a CA that is no certificate is refused', () => {
    const problem = refused({ ...ADDRESS, 'server-ca-cert': certificates.ca.key });
    expect(problem.found).toBe('Input server-ca-cert holds a private key');
  });
});

describe('in a terminal', () => {
  const TOML = `
[profile.default]
address = "default.internal:7233"
[profile.prod]
address = "prod.internal:7233"
namespace = "orders"
api_key = "key"
`;
  const inTerminal = (
    inputs: Inputs,
    profile?: string,
    variables: NodeJS.ProcessEnv = {},
  ): ConnectionSettings => {
    // Whoever sits there has written it, wherever it lies.
    const config = workspace.file('temporal.toml', TOML);
    const { source } = settingsOf(inputs, {
      workspace,
      variables: { TEMPORAL_CONFIG_FILE: config, ...variables },
      terminal: { profile },
    });
    if (source.kind !== 'server') throw new Error('not a server');
    return source.connection();
  };

  test('the profile is that of the option, of TEMPORAL_PROFILE, or default', () => {
    expect(inTerminal({}).address).toBe('default.internal:7233');
    expect(inTerminal({}, 'prod')).toMatchObject({ namespace: 'orders', apiKey: 'key' });
    expect(inTerminal({}, undefined, { TEMPORAL_PROFILE: 'prod' }).namespace).toBe('orders');
    expect(inTerminal({}, 'prod', { TEMPORAL_NAMESPACE: 'bills' }).namespace).toBe('bills');
  });

  test("an option takes the place of one value, and the others stay the profile's", () => {
    expect(inTerminal({ address: 'standby.internal:7233' }, 'prod')).toMatchObject({
      address: 'standby.internal:7233',
      namespace: 'orders',
      apiKey: 'key',
    });
    expect(inTerminal({ 'api-key': 'other' }, 'prod')).toMatchObject({
      address: 'prod.internal:7233',
      apiKey: 'other',
    });
  });

  test('a profile that is not there is an error', () => {
    expect(problemOf(() => inTerminal({}, 'prd')).found).toMatch(/configuration cannot be read/u);
  });
});
