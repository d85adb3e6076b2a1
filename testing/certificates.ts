import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './run-command.js';

export interface CertificateFiles {
  readonly certPath: string;
  readonly keyPath: string;
  /** PEM text. */
  readonly cert: string;
  /** PEM text. */
  readonly key: string;
}

export interface Certificates {
  readonly ca: CertificateFiles;
  /** For `localhost`, `127.0.0.1` and `temporal.test`. */
  readonly server: CertificateFiles;
  readonly client: CertificateFiles;
  /** Signed by a CA that the server does not trust. */
  readonly foreignClient: CertificateFiles;
  /** Signed by the right CA, but its time is over. */
  readonly expiredClient: CertificateFiles;
  /** Signed by the right CA, for a time to come. */
  readonly futureClient: CertificateFiles;
  /** With an RSA key, signed by an intermediate CA; `cert` is the chain, the client's own first. */
  readonly chainedClient: CertificateFiles;
}

/** The name in the server's certificate that no host has: what `server-name` is for. */
export const SERVER_NAME = 'temporal.test';

const SUBJECT_ALTERNATIVES = `subjectAltName=DNS:localhost,IP:127.0.0.1,DNS:${SERVER_NAME}`;

/** Temporal's services also call each other with the server's certificate: both usages are needed. */
const USAGES = 'extendedKeyUsage=serverAuth,clientAuth';

const CLIENT_AND_SERVER = `${SUBJECT_ALTERNATIVES}\n${USAGES}`;

/** A certificate authority and one certificate of each kind that a server can be shown. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  await mkdir(folder, { recursive: true });
  const ca = await makeAuthority(folder, 'ca');
  const foreignCa = await makeAuthority(folder, 'foreign-ca');
  return {
    ca,
    server: await makeCertificate(folder, 'server', ca),
    client: await makeCertificate(folder, 'client', ca),
    foreignClient: await makeCertificate(folder, 'foreign-client', foreignCa),
    expiredClient: await makeCertificate(folder, 'expired-client', ca, -1),
    futureClient: await makeFutureCertificate(folder, 'future-client', ca),
    chainedClient: await makeChain(folder, 'chained-client', ca),
  };
}

async function makeChain(
  folder: string,
  name: string,
  ca: CertificateFiles,
): Promise<CertificateFiles> {
  const extensions = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign';
  const middle = await makeCertificate(folder, 'intermediate-ca', ca, 30, { extensions });
  const makeKey = (path: string): Promise<void> =>
    openssl(['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', path]);
  const { certPath, cert } = await makeCertificate(folder, name, middle, 30, { makeKey });
  await writeFile(certPath, cert + middle.cert);
  return readFiles(folder, name);
}

/** Only `openssl ca`, which keeps a database, can date a certificate in every release. */
async function makeFutureCertificate(
  folder: string,
  name: string,
  ca: CertificateFiles,
): Promise<CertificateFiles> {
  const { certPath } = paths(folder, name);
  await makeRequest(folder, name, makeKey);
  const configPath = join(folder, 'ca.cnf');
  await writeFile(join(folder, 'ca.index'), '');
  await writeFile(
    configPath,
    [
      ...['[ca]', 'default_ca = own', '[own]', `database = ${join(folder, 'ca.index')}`],
      ...[`new_certs_dir = ${folder}`, 'rand_serial = yes', 'default_md = sha256', 'policy = any'],
      ...['[any]', 'commonName = supplied', ''],
    ].join('\n'),
  );
  await openssl(
    ['ca', '-batch', '-notext', '-config', configPath, '-out', certPath],
    ['-in', join(folder, `${name}.csr`), '-cert', ca.certPath, '-keyfile', ca.keyPath],
    ['-startdate', '20900101000000Z', '-enddate', '20910101000000Z'],
    ['-extfile', await extensionsFile(folder, name, CLIENT_AND_SERVER)],
  );
  return readFiles(folder, name);
}

async function makeAuthority(folder: string, name: string): Promise<CertificateFiles> {
  const { certPath, keyPath } = paths(folder, name);
  await makeKey(keyPath);
  await openssl(
    ['req', '-x509', '-new', '-key', keyPath, '-out', certPath, '-days', '30'],
    ['-subj', `/CN=${name}`, '-addext', 'basicConstraints=critical,CA:TRUE'],
    ['-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
  );
  return readFiles(folder, name);
}

async function makeCertificate(
  folder: string,
  name: string,
  ca: CertificateFiles,
  days = 30,
  other: { extensions?: string; makeKey?: (path: string) => Promise<void> } = {},
): Promise<CertificateFiles> {
  const { certPath } = paths(folder, name);
  await makeRequest(folder, name, other.makeKey ?? makeKey);
  const extensionsPath = await extensionsFile(folder, name, other.extensions ?? CLIENT_AND_SERVER);
  await openssl(
    ['x509', '-req', '-in', join(folder, `${name}.csr`), '-out', certPath, '-days', String(days)],
    ['-CA', ca.certPath, '-CAkey', ca.keyPath, '-CAcreateserial', '-extfile', extensionsPath],
  );
  return readFiles(folder, name);
}

async function makeRequest(
  folder: string,
  name: string,
  makeKey: (path: string) => Promise<void>,
): Promise<void> {
  const { keyPath } = paths(folder, name);
  await makeKey(keyPath);
  await openssl(
    ['req', '-new', '-key', keyPath, '-out', join(folder, `${name}.csr`)],
    ['-subj', `/CN=${name}`],
  );
}

async function extensionsFile(folder: string, name: string, extensions: string): Promise<string> {
  const path = join(folder, `${name}.ext`);
  await writeFile(path, `${extensions}\n`);
  return path;
}

/** Elliptic curves, as RSA keys take a noticeable part of a second each. */
async function makeKey(path: string): Promise<void> {
  await openssl(
    ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
    ['-out', path],
  );
}

async function openssl(...args: readonly string[][]): Promise<void> {
  await runCommand('openssl', args.flat());
}

function paths(folder: string, name: string): { certPath: string; keyPath: string } {
  return { certPath: join(folder, `${name}.pem`), keyPath: join(folder, `${name}.key`) };
}

async function readFiles(folder: string, name: string): Promise<CertificateFiles> {
  const { certPath, keyPath } = paths(folder, name);
  return {
    certPath,
    keyPath,
    cert: await readFile(certPath, 'utf8'),
    key: await readFile(keyPath, 'utf8'),
  };
}
