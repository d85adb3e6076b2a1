import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { UserError } from '../model/user-error.js';
import { readable, truncate } from '../untrusted/readable.js';

/**
 * Reads an input that is PEM text or a path to it, relative to the workspace.
 *
 * Secrets often have their line breaks written as `\n`, or Windows line ends. Both mean the same certificate.
 */
export function readPem(name: string, value: string, workspace: string): string {
  if (value.includes('-----BEGIN')) return normalisePem(value);
  const path = isAbsolute(value) ? value : join(workspace, value);
  let text: string;
  try {
    // A value that is not PEM may be a secret that somebody pasted wrongly, so no message repeats it.
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(
      {
        found: `Input ${name} is neither PEM text nor a readable file (${errorCode(error)})`,
        expected: 'text that begins with "-----BEGIN …-----", or the path of a file that holds it',
        fix: `store the whole PEM text in a repository secret and pass it as ${name}`,
      },
      { cause: error },
    );
  }
  if (!text.includes('-----BEGIN')) {
    throw new UserError({
      found: `Input ${name} names a file that holds no PEM text`,
      expected: 'text that begins with "-----BEGIN …-----"',
      fix: 'convert the file, for example: openssl x509 -in FILE -out FILE.pem',
    });
  }
  return normalisePem(text);
}

export function normalisePem(text: string): string {
  const lines = text.replace(/(?:\\r)?\\n/gu, '\n').replace(/\r\n?/gu, '\n');
  return `${lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')}\n`;
}

/**
 * Checks that the pair is what a TLS client needs. With a wrong pair the server would only be silent.
 *
 * @param names where both come from, as in `Input client-cert`
 */
export function checkKeyPair(
  pair: { readonly certificate: string; readonly key: string },
  names: { readonly certificate: string; readonly key: string },
  now: Date,
): void {
  const certificate = parseCertificate(names.certificate, pair.certificate);
  const expected = 'a private key in PEM form without a passphrase';
  let key;
  try {
    key = createPrivateKey(pair.key);
  } catch (error) {
    throw new UserError(
      {
        found: /ENCRYPTED/u.test(pair.key)
          ? `${names.key} is encrypted with a passphrase`
          : `${names.key} cannot be read as a private key`,
        expected,
        fix: 'export the key again, for example: openssl pkey -in KEY -out KEY.pem',
      },
      { cause: error },
    );
  }
  if (!certificate.checkPrivateKey(key)) {
    const isChain = otherCertificates(pair.certificate).some((one) => one.checkPrivateKey(key));
    throw new UserError({
      found: isChain
        ? `${names.certificate} holds another certificate (${subject(certificate)}) before the one that belongs to the key`
        : `${names.key} does not belong to the certificate (${subject(certificate)})`,
      expected: isChain
        ? "the client's certificate first, then the intermediate ones"
        : 'the key that the certificate was issued for',
      fix: isChain
        ? 'change the order of the certificates'
        : 'set both again from the same pair of files',
    });
  }
  checkValidity(names.certificate, certificate, now);
}

/** The certificates of a chain after the first. */
function otherCertificates(text: string): X509Certificate[] {
  const all = text.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gsu) ?? [];
  return all.slice(1).map((one) => new X509Certificate(one));
}

export function parseCertificate(name: string, text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (error) {
    throw new UserError(
      {
        found: /PRIVATE KEY/u.test(text)
          ? `${name} holds a private key`
          : `${name} cannot be read as a certificate`,
        expected: 'an X.509 certificate in PEM form ("-----BEGIN CERTIFICATE-----")',
        fix: 'check that the secrets are not swapped or cut off',
      },
      { cause: error },
    );
  }
}

function checkValidity(name: string, certificate: X509Certificate, now: Date): void {
  const from = new Date(certificate.validFrom);
  const to = new Date(certificate.validTo);
  if (now > to) {
    throw new UserError({
      found: `${name} (${subject(certificate)}) expired on ${to.toISOString()}`,
      expected: `a certificate that is valid now, ${now.toISOString()}`,
      fix: 'issue a new certificate, and set it and its key',
    });
  }
  if (now < from) {
    throw new UserError({
      found: `${name} (${subject(certificate)}) is valid only from ${from.toISOString()}`,
      expected: `a certificate that is valid now, ${now.toISOString()}`,
      fix: "check the certificate and the runner's clock",
    });
  }
}

function subject(certificate: X509Certificate): string {
  return truncate(readable(certificate.subject.split('\n').join(', ')), 120);
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
}
