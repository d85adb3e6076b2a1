import type { ConnectionSettings } from '../inputs/settings.js';
import { UserError } from '../model/user-error.js';
import { readable, truncate } from '../untrusted/readable.js';
import { SPEAKS_TLS } from './probe.js';

/** gRPC status codes that mean something particular here (grpc.io, "Status codes and their use"). */
export const GRPC = {
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

/** The gRPC status code of an error or of its cause, or undefined. */
export function grpcCode(error: unknown): number | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'number') return current.code;
  }
  return undefined;
}

/** Turns what the network or the server said into found, expected, how to fix. */
export function serverProblem(
  error: unknown,
  settings: ConnectionSettings,
  doing: string,
): UserError {
  const said = everyMessage(error);
  const at = `the Temporal server at ${settings.address}`;
  const words = truncate(readable(said), 300);
  const withTls = settings.tls !== undefined || settings.apiKey !== undefined;
  const problem = (found: string, expected: string, fix: string) =>
    new UserError({ found: `${found} (${words})`, expected, fix }, { cause: error });

  if (/certificate required|tlsv13 alert certificate required|alert number 116/iu.test(said)) {
    return problem(
      `${capital(at)} demands a client certificate`,
      'a connection with the certificate and key that the server knows',
      'set client-cert and client-key from repository secrets',
    );
  }
  if (/unknown ca|bad certificate|alert number (42|48)|certificate unknown/iu.test(said)) {
    return problem(
      `${capital(at)} does not accept the client certificate`,
      "a certificate that is signed by an authority which the server's namespace trusts",
      "check client-cert, and the CA certificates in the namespace's settings",
    );
  }
  if (said.includes(SPEAKS_TLS)) {
    return problem(
      `${capital(at)} speaks TLS only`,
      'a connection with TLS',
      "set client-cert and client-key for mTLS, or server-ca-cert for a private CA's server",
    );
  }
  if (/alert certificate expired|alert number 45/iu.test(said)) {
    return problem(
      `${capital(at)} says that the client certificate has expired`,
      'a certificate that is valid now',
      'issue a new certificate and update both secrets',
    );
  }
  if (/altnames|does not match certificate|Hostname\/IP/iu.test(said)) {
    return problem(
      `The certificate of ${at} is for another name`,
      "a server certificate that names the address's host",
      "set server-name to the name in the server's certificate, or correct address",
    );
  }
  if (
    /self[- ]signed|unable to (get|verify)|issuer cert|UNABLE_TO_VERIFY|certificate (has expired|is not yet valid)/iu.test(
      said,
    )
  ) {
    return problem(
      `The certificate of ${at} cannot be verified`,
      'a certificate that a known authority signed',
      "set server-ca-cert to the CA certificate of the server's operator",
    );
  }
  if (/wrong version number|packet length too long|EPROTO/iu.test(said) && withTls) {
    return problem(
      `${capital(at)} does not speak TLS`,
      'a server with TLS, because a certificate, a CA or a server name is set',
      'remove client-cert, client-key, server-ca-cert and server-name, or correct address',
    );
  }
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- any code can come
  switch (grpcCode(error)) {
    case GRPC.NOT_FOUND:
      return problem(
        `${capital(at)} has no namespace "${settings.namespace}"`,
        'a namespace that exists there',
        'correct namespace; in Temporal Cloud it ends in the account, as in orders.a1b2c',
      );
    case GRPC.PERMISSION_DENIED:
    case GRPC.UNAUTHENTICATED:
      return problem(
        `${capital(at)} refuses the credential for "${settings.namespace}" (${doing})`,
        'a credential that may read this namespace',
        'check client-cert and client-key, and the rights of their identity',
      );
    case GRPC.INVALID_ARGUMENT:
      return problem(
        `${capital(at)} rejects the request (${doing})`,
        'a request that it understands',
        'check the input query: it must be a valid Visibility filter without LIMIT and ORDER BY',
      );
    case GRPC.RESOURCE_EXHAUSTED:
      return problem(
        `${capital(at)} is over its rate limit, also after waiting (${doing})`,
        'some room below the rate limit of the namespace',
        'set max-requests-per-second, lower fetch-concurrency, or run again later',
      );
    case GRPC.UNIMPLEMENTED:
      return problem(
        `${capital(at)} does not know this request (${doing})`,
        'a Temporal server of version 1.20 or newer',
        'check that address names the gRPC frontend and not the web UI',
      );
    default:
      return problem(
        `${capital(at)} cannot be reached (${doing})`,
        withTls ? 'a Temporal frontend with TLS' : 'a Temporal frontend without TLS',
        withTls
          ? "check address, and that the runner's network can reach it"
          : "check address, that the runner's network can reach it, and whether the server needs TLS " +
              '(client-cert and client-key, or server-ca-cert)',
      );
  }
}

/** gRPC hides what happened in nested causes and details; all of it helps to tell cases apart. */
function everyMessage(error: unknown): string {
  const parts = new Set<string>();
  for (let current = error; current instanceof Error; current = current.cause) {
    parts.add(current.message);
    if ('details' in current && typeof current.details === 'string') parts.add(current.details);
  }
  if (parts.size === 0) parts.add(String(error));
  return [...parts].filter((part) => part !== '').join('; ');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
