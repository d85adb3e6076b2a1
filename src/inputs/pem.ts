import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { UserError } from '../model/user-error.js';
import { readable, truncate } from '../untrusted/readable.js';

/**
 * Reads an input that is PEM text or a path to it, relative to the workspace.
 *
 * Secrets often arrive with their line breaks written as `\n`, or with Windows line ends; both mean the
 * same certificate.
 */
export function readPem(name: string, value: string, workspace: string): string {
  if (value.includes('-----BEGIN')) return normalisePem(value);
  const path = isAbsolute(value) ? value : join(workspace, value);
  let text: string;
  try {
    // A value that is not PEM may still be a secret, pasted wrongly: it is not repeated.
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

function normalisePem(text: string): string {
  const lines = text.replace(/(?:\\r)?\\n/gu, '\n').replace(/\r\n?/gu, '\n');
  return `${lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')}\n`;
}

/** Checks that the pair is what a TLS client needs, so that the error is not the server's silence. */
export function checkKeyPair(certificateText: string, keyText: string, now: Date): void {
  const certificate = parseCertificate('client-cert', certificateText);
  const expected = 'a private key in PEM form without a passphrase';
  let key;
  try {
    key = createPrivateKey(keyText);
  } catch (error) {
    throw new UserError(
      {
        found: /ENCRYPTED/u.test(keyText)
          ? 'Input client-key is encrypted with a passphrase'
          : 'Input client-key cannot be read as a private key',
        expected,
        fix: 'export the key again, for example: openssl pkey -in KEY -out KEY.pem',
      },
      { cause: error },
    );
  }
  if (!certificate.checkPrivateKey(key)) {
    throw new UserError({
      found: `Input client-key does not belong to the certificate in client-cert (${subject(certificate)})`,
      expected: 'the key that the certificate was issued for',
      fix: 'set both secrets again from the same pair of files',
    });
  }
  checkValidity('client-cert', certificate, now);
}

export function parseCertificate(name: string, text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (error) {
    throw new UserError(
      {
        found: /PRIVATE KEY/u.test(text)
          ? `Input ${name} holds a private key`
          : `Input ${name} cannot be read as a certificate`,
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
      found: `The certificate in ${name} (${subject(certificate)}) expired on ${to.toISOString()}`,
      expected: `a certificate that is valid now, ${now.toISOString()}`,
      fix: 'issue a new certificate and update both secrets',
    });
  }
  if (now < from) {
    throw new UserError({
      found: `The certificate in ${name} (${subject(certificate)}) is valid only from ${from.toISOString()}`,
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
