import type { ConnectionSettings } from '../model/settings.js';
import { UserError } from '../model/user-error.js';
import { readable, truncate } from '../untrusted/readable.js';
import { SPEAKS_HTTP1, SPEAKS_TLS } from './probe.js';

/** The activity in messages while the connection is made. The client then asks what the server can do. */
export const CONNECTING = 'connecting';

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

/** Turns an error of the network or the server into a message: what was found, what was expected, how to fix it. */
export function serverProblem(
  error: unknown,
  settings: ConnectionSettings,
  doing: string,
): UserError {
  const said = everyMessage(error);
  const words = truncate(readable(said), 300);
  const { found, expected, fix } =
    transportProblem(said, settings, doing) ?? answerProblem(error, settings, doing);
  return new UserError({ found: `${found} (${words})`, expected, fix }, { cause: error });
}

interface Words {
  readonly found: string;
  readonly expected: string;
  readonly fix: string;
}

/** Problems before the server understands a request: names, sockets, TLS, the wrong protocol. */
function transportProblem(
  said: string,
  settings: ConnectionSettings,
  doing: string,
): Words | undefined {
  const at = serverAt(settings);
  if (/certificate required|alert number 116/iu.test(said)) {
    return {
      found: `${capital(at)} demands a client certificate`,
      expected: 'a connection with the certificate and key that the server knows',
      fix: 'set client-cert and client-key from repository secrets',
    };
  }
  if (/unknown ca|bad certificate|alert number (42|48)|certificate unknown/iu.test(said)) {
    return {
      found: `${capital(at)} does not accept the client certificate`,
      expected: "a certificate that is signed by an authority which the server's namespace trusts",
      fix: "check client-cert, and the CA certificates in the namespace's settings",
    };
  }
  if (said.includes(SPEAKS_TLS)) {
    return {
      found: `${capital(at)} speaks TLS only`,
      expected: 'a connection with TLS',
      fix: "set client-cert and client-key for mTLS, api-key, or server-ca-cert for a private CA's server",
    };
  }
  if (/alert certificate expired|alert number 45/iu.test(said)) {
    return {
      found: `${capital(at)} says that the client certificate has expired`,
      expected: 'a certificate that is valid now',
      fix: 'issue a new certificate and update both secrets',
    };
  }
  if (/altnames|does not match certificate|Hostname\/IP/iu.test(said)) {
    return {
      found: `The certificate of ${at} is for another name`,
      expected: "a server certificate that names the address's host",
      fix: "set server-name to the name in the server's certificate, or correct address",
    };
  }
  if (
    /certificate (?:has expired|is not yet valid)|CERT_(?:HAS_EXPIRED|NOT_YET_VALID)/iu.test(said)
  ) {
    return {
      found: `The certificate of ${at} is not valid now`,
      expected: 'a server certificate within its time',
      fix: "have the server's operator renew it, and check the runner's clock",
    };
  }
  if (/self[- ]signed|unable to (?:get|verify)|issuer cert|UNABLE_TO_VERIFY/iu.test(said)) {
    return {
      found: `The certificate of ${at} cannot be verified`,
      expected: 'a certificate that a known authority signed',
      fix: "set server-ca-cert to the CA certificate of the server's operator",
    };
  }
  if (
    settings.tls !== undefined &&
    /wrong version number|packet length too long|EPROTO/iu.test(said)
  ) {
    return {
      found: `${capital(at)} does not speak TLS`,
      expected:
        'a server with TLS, because a certificate, an API key, a CA or a server name is set',
      fix: 'correct address, or remove client-cert, client-key, api-key, server-ca-cert and server-name',
    };
  }
  if (
    said.includes(SPEAKS_HTTP1) ||
    /no application protocol|alert number 120|HTTP status code/iu.test(said)
  ) {
    return {
      found: `${capital(at)} is a web server and no Temporal frontend`,
      expected: "the address of the frontend's gRPC port, 7233 by default",
      fix: "correct address: it may be the web UI's, or that of a proxy which does not pass gRPC on",
    };
  }
  if (/ENOTFOUND|EAI_AGAIN|name resolution failed/iu.test(said)) {
    return {
      found: `${capital(at)} cannot be reached (${doing}): its name cannot be resolved`,
      expected: "a host name that the runner's network knows",
      fix: 'check address for typing errors; a private name needs a runner in that network',
    };
  }
  if (/ECONNREFUSED/u.test(said)) {
    return {
      found: `${capital(at)} cannot be reached (${doing}): nothing listens there`,
      expected: 'a Temporal frontend on that host and port',
      fix: 'check address, its port above all (7233 by default), and that the server runs',
    };
  }
  return undefined;
}

/** Problems with the server's answer, or with a missing answer. */
function answerProblem(error: unknown, settings: ConnectionSettings, doing: string): Words {
  const at = serverAt(settings);
  const { namespace } = settings;
  const code = grpcCode(error);
  switch (code) {
    case GRPC.NOT_FOUND:
      return {
        found: `${capital(at)} has no namespace "${shown(namespace)}"`,
        expected: 'a namespace that exists there',
        fix: 'correct namespace; in Temporal Cloud it ends in the account, as in orders.a1b2c',
      };
    case GRPC.UNAUTHENTICATED:
      return refusedCredential(settings, doing);
    case GRPC.PERMISSION_DENIED:
      // Every client with a valid credential may make this request. So the credential is not valid.
      if (doing === CONNECTING) return refusedCredential(settings, doing);
      return {
        found: `${capital(at)} gives no permission for "${shown(namespace)}" (${doing})`,
        expected: `${credentialOf(settings)} that may read this namespace`,
        fix: hasCredential(settings)
          ? 'give its identity the right to read the namespace, and check namespace for typing errors'
          : 'set api-key, or client-cert and client-key, from repository secrets',
      };
    case GRPC.INVALID_ARGUMENT:
      return {
        found: `${capital(at)} rejects the request (${doing})`,
        expected: 'a request that it understands',
        fix: 'check the input query: it must be a valid Visibility filter without LIMIT and ORDER BY',
      };
    case GRPC.RESOURCE_EXHAUSTED:
      return {
        found: `${capital(at)} is over its rate limit, even after waiting (${doing})`,
        expected: 'some room below the rate limit of the namespace',
        fix: 'set max-requests-per-second, lower fetch-concurrency, or run again later',
      };
    case GRPC.UNIMPLEMENTED:
      return {
        found: `${capital(at)} does not know this request (${doing})`,
        expected: 'a Temporal frontend of version 1.20 or newer',
        fix: "check that address names the frontend's gRPC port, and not the web UI or another service",
      };
    case GRPC.DEADLINE_EXCEEDED:
      return {
        found: `${capital(at)} did not answer in time (${doing})`,
        expected: 'an answer within the time that a request may take',
        fix: 'look at how busy the server is, lower fetch-concurrency, or run again later',
      };
    case undefined:
    case GRPC.UNAVAILABLE:
      return {
        found: `${capital(at)} cannot be reached (${doing})`,
        expected:
          settings.tls === undefined
            ? 'a Temporal frontend without TLS'
            : 'a Temporal frontend with TLS',
        fix:
          settings.tls === undefined
            ? "check address, that the runner's network can reach it, and whether the server needs TLS " +
              '(client-cert and client-key, api-key, or server-ca-cert)'
            : "check address, and that the runner's network can reach it",
      };
    default:
      return {
        found: `${capital(at)} answers with an error of its own, gRPC status ${code} (${doing})`,
        expected: 'an answer',
        fix: "look into the server's log, or run again later",
      };
  }
}

function refusedCredential(settings: ConnectionSettings, doing: string): Words {
  return {
    found: `${capital(serverAt(settings))} does not accept the credential (${doing})`,
    expected: `${credentialOf(settings)} that is valid now and was issued for this server`,
    fix: hasCredential(settings)
      ? settings.apiKey === undefined
        ? 'check client-cert and client-key, and whether the server wants an API key'
        : 'check that the API key has not expired or been deleted, and store it again'
      : 'set api-key, or client-cert and client-key, from repository secrets',
  };
}

function hasCredential({ apiKey, tls }: ConnectionSettings): boolean {
  return apiKey !== undefined || tls?.clientCertificate !== undefined;
}

function credentialOf({ apiKey, tls }: ConnectionSettings): string {
  if (apiKey !== undefined) return 'an API key';
  return tls?.clientCertificate === undefined ? 'a credential' : 'a client certificate';
}

function serverAt({ address }: ConnectionSettings): string {
  return `the Temporal server at ${shown(address)}`;
}

function shown(text: string): string {
  return truncate(readable(text), 200);
}

/** gRPC hides the reason in nested causes and details. All of them help to tell cases apart. */
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
