import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { ConnectionSettings } from '../../src/model/settings.js';
import { makeCertificates, type Certificates } from '../../testing/certificates.js';
import { runCommand } from '../../testing/run-command.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';
import { problemOf, settingsOf } from './reading.js';

const workspace = new WorkspaceFolder();
let certificates: Certificates;
let encryptedKey: string;

beforeAll(async () => {
  certificates = await makeCertificates(workspace.at('../certificates'));
  const path = workspace.at('../certificates/encrypted.key');
  const { keyPath } = certificates.client;
  await runCommand('openssl', [
    ...['pkcs8', '-topk8', '-in', keyPath, '-out', path, '-passout', 'pass:passphrase'],
  ]);
  encryptedKey = readFileSync(path, 'utf8');
});
afterAll(() => workspace.remove());

function connectionWith(cert: string, key: string, now?: Date): ConnectionSettings {
  const inputs = { address: 'localhost:7233', 'client-cert': cert, 'client-key': key };
  const { source } = settingsOf(inputs, { workspace, ...(now === undefined ? {} : { now }) });
  if (source.kind !== 'server') throw new Error('not a server');
  return source.connection();
}

const EC = ['ecparam', '-name', 'prime256v1', '-genkey'];

const refused = (cert: string, key: string, now?: Date) =>
  problemOf(() => connectionWith(cert, key, now));

describe('a certificate and its key are understood', () => {
  const forms: readonly [form: string, write: (pem: string) => string][] = [
    ['as they are', (pem) => pem],
    ['without the last line break', (pem) => pem.trimEnd()],
    ['with white space around', (pem) => `\n\n  ${pem}  \n`],
    ['with escaped line breaks', (pem) => pem.replaceAll('\n', String.raw`\n`)],
    ['with escaped Windows line breaks', (pem) => pem.replaceAll('\n', String.raw`\r\n`)],
    ['with Windows line breaks', (pem) => pem.replaceAll('\n', '\r\n')],
    ['with old Mac line breaks', (pem) => pem.replaceAll('\n', '\r')],
    ['indented as in a YAML block', (pem) => pem.replace(/^/gmu, '    ')],
    ['with empty lines', (pem) => pem.replaceAll('\n', '\n\n')],
  ];

  test.each(forms)('%s', (_, write) => {
    const { cert, key } = certificates.client;
    expect(connectionWith(write(cert), write(key)).tls?.clientCertificate).toEqual({
      certificate: cert,
      key,
    });
  });

  test('by an absolute path', () => {
    const { certPath, keyPath, cert } = certificates.client;
    expect(connectionWith(certPath, keyPath).tls?.clientCertificate?.certificate).toBe(cert);
  });

  test('by a path in the workspace', () => {
    const { cert, key } = certificates.client;
    workspace.file('tls/client.pem', cert);
    workspace.file('tls/client.key', key);
    expect(connectionWith('tls/client.pem', 'tls/client.key').tls).toBeDefined();
  });

  test('as a chain', () => {
    const chain = certificates.client.cert + certificates.ca.cert;
    const { tls } = connectionWith(chain, certificates.client.key);
    expect(tls?.clientCertificate?.certificate).toBe(chain);
  });
});

describe('a key of each kind is understood', () => {
  const folder = (): string => workspace.folder('../keys');
  const openssl = (...args: string[]) => runCommand('openssl', args, { cwd: folder() });

  /** Makes a key with the given command and a certificate for it. */
  async function pairOf(name: string, make: () => Promise<unknown>): Promise<[string, string]> {
    await make();
    const path = workspace.at(`../keys/${name}.key`);
    await openssl(
      ...['req', '-x509', '-new', '-key', path, '-out', `${name}.pem`],
      ...['-days', '3', '-subj', `/CN=${name}`],
    );
    return [readFileSync(workspace.at(`../keys/${name}.pem`), 'utf8'), readFileSync(path, 'utf8')];
  }

  test.each([
    ['RSA in PKCS#8', /BEGIN PRIVATE KEY/u, ['genpkey', '-algorithm', 'RSA'], []],
    ['RSA in PKCS#1', /BEGIN RSA PRIVATE KEY/u, ['genrsa'], ['rsa', '-traditional']],
    ['elliptic curve in SEC1', /BEGIN EC PRIVATE KEY/u, EC, ['ec']],
    ['elliptic curve in PKCS#8', /BEGIN PRIVATE KEY/u, EC, ['pkcs8', '-topk8', '-nocrypt']],
    ['Ed25519', /BEGIN PRIVATE KEY/u, ['genpkey', '-algorithm', 'ED25519'], []],
  ] as const)('%s', async (_, form, make, convert) => {
    const [cert, key] = await pairOf('one', async () => {
      await openssl(...make, '-out', convert.length > 0 ? 'made.key' : 'one.key');
      if (convert.length > 0) await openssl(...convert, '-in', 'made.key', '-out', 'one.key');
    });
    expect(key).toMatch(form);
    expect(connectionWith(cert, key).tls?.clientCertificate?.key).toBe(key);
  });

  test('an encrypted one in the traditional form is told from a broken one', async () => {
    const [cert] = await pairOf('two', () => openssl(...EC, '-out', 'two.key'));
    await openssl(
      ...['ec', '-in', 'two.key', '-out', 'locked.key', '-aes256', '-passout', 'pass:phrase'],
    );
    const locked = readFileSync(workspace.at('../keys/locked.key'), 'utf8');
    expect(locked).toContain('BEGIN EC PRIVATE KEY');
    expect(refused(cert, locked).found).toBe('Input client-key is encrypted with a passphrase');
  });
});

describe('a pair that no TLS client could use is refused', () => {
  test('a key of another certificate', () => {
    const problem = refused(certificates.client.cert, certificates.server.key);
    expect(problem.found).toContain('does not belong to the certificate');
    expect(problem.found).toContain('CN=client');
  });

  test('a chain in the wrong order', () => {
    const { ca, client } = certificates;
    const problem = refused(ca.cert + client.cert, client.key);
    expect(problem.found).toContain(
      'another certificate (CN=ca) before the one that belongs to the key',
    );
    expect(problem.fix).toContain('order');
  });

  test('swapped', () => {
    const problem = refused(certificates.client.key, certificates.client.cert);
    expect(problem.found).toBe('Input client-cert holds a private key');
    expect(problem.fix).toContain('swapped');
  });

  test('two certificates', () => {
    const problem = refused(certificates.client.cert, certificates.client.cert);
    expect(problem.found).toBe('Input client-key cannot be read as a private key');
  });

  test('expired', () => {
    const problem = refused(certificates.expiredClient.cert, certificates.expiredClient.key);
    expect(problem.found).toMatch(/expired on \d{4}-/u);
  });

  test('not valid yet', () => {
    const { cert, key } = certificates.client;
    expect(refused(cert, key, new Date('2001-01-01')).found).toContain('valid only from');
  });

  test('encrypted with a passphrase', () => {
    const problem = refused(certificates.client.cert, encryptedKey);
    expect(problem.found).toBe('Input client-key is encrypted with a passphrase');
    expect(problem.fix).toContain('openssl pkey');
  });

  test('cut off', () => {
    const { cert, key } = certificates.client;
    expect(refused(cert.slice(0, 200), key).found).toContain('cannot be read as a certificate');
    expect(refused(cert, key.slice(0, 60)).found).toContain('cannot be read as a private key');
  });

  test('neither PEM text nor a file', () => {
    expect(refused('MIIBszCCAVmgAwIBAgIU', certificates.client.key).found).toContain(
      'Input client-cert is neither PEM text nor a readable file',
    );
  });

  test('a file of another form', () => {
    const path = workspace.file('../certificates/client.der', Buffer.from([0x30, 0x82, 1, 2]));
    const problem = refused(path, certificates.client.key);
    expect(problem.found).toContain('holds no PEM text');
  });
});

test.each(['cert', 'key'] as const)('no error repeats the value of a secret: %s', (half) => {
  const { client, server } = certificates;
  const bodies = [client.cert, client.key, server.key, encryptedKey].flatMap((pem) =>
    pem.split('\n').filter((line) => line.length > 20 && !line.includes('-----')),
  );
  const wrong = [
    server.key,
    encryptedKey,
    client.key.slice(0, 100),
    client.key.replace(/-----.*-----/gu, ''),
    client.key.replaceAll('\n', ''),
    `x${client.key}`,
  ];
  for (const value of wrong) {
    const pair: [string, string] = half === 'cert' ? [value, client.key] : [client.cert, value];
    const problem = refused(...pair);
    for (const line of bodies) expect(problem.message).not.toContain(line.slice(0, 16));
  }
});
