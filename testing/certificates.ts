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
}

/** The name in the server's certificate that no host has: what `server-name` is for. */
export const SERVER_NAME = 'temporal.test';

const SUBJECT_ALTERNATIVES = `subjectAltName=DNS:localhost,IP:127.0.0.1,DNS:${SERVER_NAME}`;

/** Temporal's services also call each other with the server's certificate: both usages are needed. */
const USAGES = 'extendedKeyUsage=serverAuth,clientAuth';

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
  };
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
): Promise<CertificateFiles> {
  const { certPath, keyPath } = paths(folder, name);
  const requestPath = join(folder, `${name}.csr`);
  const extensionsPath = join(folder, `${name}.ext`);
  await makeKey(keyPath);
  await writeFile(extensionsPath, `${SUBJECT_ALTERNATIVES}\n${USAGES}\n`);
  await openssl(['req', '-new', '-key', keyPath, '-out', requestPath, '-subj', `/CN=${name}`]);
  await openssl(
    ['x509', '-req', '-in', requestPath, '-out', certPath, '-days', String(days)],
    ['-CA', ca.certPath, '-CAkey', ca.keyPath, '-CAcreateserial', '-extfile', extensionsPath],
  );
  return readFiles(folder, name);
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
