import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { freePort } from './free-port.js';

export interface KeyServer {
  /** Where the public key is, as a JSON Web Key Set. */
  readonly url: string;
  /** A token that the key has signed. */
  token(claims: TokenClaims): string;
  stop(): Promise<void>;
}

export interface TokenClaims {
  readonly subject: string;
  /** `namespace:role`, as Temporal's default claim mapper reads them; `temporal-system:admin` for all. */
  readonly permissions: readonly string[];
  /** Seconds from now; negative: it has expired. */
  readonly expiresIn?: number;
}

const ALGORITHM = 'ES256';

/** Issues API keys, as the identity provider of a self-hosted server does: tokens, and the key to check them. */
export async function startKeyServer(): Promise<KeyServer> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = 'test-key';
  const keys = [{ ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: ALGORITHM }];
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${port}/jwks.json`,
    token: ({ subject, permissions, expiresIn = 3_600 }) => {
      const exp = Math.floor(Date.now() / 1_000) + expiresIn;
      const signed = [
        { alg: ALGORITHM, typ: 'JWT', kid },
        { sub: subject, permissions, exp },
      ]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.');
      const signature = sign('sha256', Buffer.from(signed), {
        key: privateKey,
        dsaEncoding: 'ieee-p1363',
      });
      return `${signed}.${signature.toString('base64url')}`;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
