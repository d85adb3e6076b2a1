import type { TLSConfig } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { isInside, realPathOf } from '../files/paths.js';
import { UserError } from '../model/user-error.js';
import { readable, truncate } from '../untrusted/readable.js';
import { checkHeaderValue } from './header-value.js';
import { checkKeyPair, normalisePem, parseCertificate, readPem } from './pem.js';
import type { RawInputs } from './raw-inputs.js';
import type { InputEnvironment } from './input-environment.js';
import type { ConnectionSettings, TlsSettings } from '../model/settings.js';

export const DEFAULT_ADDRESS = 'localhost:7233';
export const DEFAULT_NAMESPACE = 'default';

/**
 * The connection from the inputs, else from the standard `TEMPORAL_*` variables and `temporal.toml`
 * (as every Temporal SDK reads them), else a local server.
 *
 * A credential from an input demands the address from an input too. Otherwise an earlier step of the job
 * could set `TEMPORAL_ADDRESS` and send the credential elsewhere. A configuration file inside the
 * workspace is refused, because pull-request code could write it.
 */
export function connectionSettings(
  inputs: RawInputs,
  { variables, workspace, now, terminal }: Surroundings,
): ConnectionSettings {
  checkPairing(inputs, terminal !== undefined);
  if (terminal === undefined) refuseWorkspaceFiles(variables, workspace);
  const configured = configuredConnection(variables, terminal?.profile, now);

  const address = inputs.address ?? configured.address ?? DEFAULT_ADDRESS;
  checkAddress(address);
  const namespace = inputs.namespace ?? configured.namespace ?? DEFAULT_NAMESPACE;
  // The address decides who receives a credential: a configured one never goes to an input's address. A person in
  // a terminal has set both, and the Temporal CLI lets its options stand beside the profile too.
  const fromInputs = inputs.address !== undefined;
  const beside = fromInputs && terminal === undefined ? {} : configured;
  const tls = tlsSettings(inputs, workspace, now) ?? beside.tls;
  const apiKey = inputs['api-key'] ?? beside.apiKey;
  return {
    address,
    namespace,
    ...(tls === undefined ? {} : { tls }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(beside.metadata === undefined ? {} : { metadata: beside.metadata }),
  };
}

type Surroundings = Pick<InputEnvironment, 'variables' | 'workspace' | 'now' | 'terminal'>;

function checkPairing(inputs: RawInputs, isTerminal: boolean): void {
  const certificate = inputs['client-cert'];
  const key = inputs['client-key'];
  if ((certificate === undefined) !== (key === undefined)) {
    const [given, missing] =
      certificate === undefined ? ['client-key', 'client-cert'] : ['client-cert', 'client-key'];
    throw new UserError({
      found: `Input ${given} is set and ${missing} is not`,
      expected: 'both or neither',
      fix:
        `set ${missing} too; if it comes from a secret, check that the secret exists and that this ` +
        'event may read it (pull requests from forks get no secrets)',
    });
  }
  const apiKey = inputs['api-key'];
  if (
    !isTerminal &&
    inputs.address === undefined &&
    (certificate !== undefined || apiKey !== undefined)
  ) {
    const [given, kind] =
      certificate === undefined
        ? ['Input api-key is', 'key']
        : ['Inputs client-cert and client-key are', 'certificate'];
    throw new UserError({
      found: `${given} set and address is not`,
      expected: `the address of the server that the ${kind} is for, as an input`,
      fix: 'set the input address; an earlier step of the job could change a variable',
    });
  }
  if (apiKey !== undefined) checkApiKey('Input api-key', apiKey);
}

/** The client library sends `Bearer KEY`. Its own error would repeat a key that it refuses. */
function checkApiKey(source: string, apiKey: string): void {
  checkHeaderValue(source, apiKey);
  if (!/\s/u.test(apiKey)) return;
  const isHeader = /^bearer\s/iu.test(apiKey);
  throw new UserError({
    found: isHeader ? `${source} begins with "Bearer"` : `${source} holds white space`,
    expected: 'the key alone',
    fix: isHeader
      ? 'remove "Bearer" from the secret: this action adds it'
      : 'store the secret again',
  });
}

/** gRPC takes `host:port`. The usual mistake is a pasted scheme. */
function checkAddress(address: string): void {
  const match = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/u.exec(address);
  const port = Number(match?.[1]);
  if (match !== null && port > 0 && port < 65_536) return;
  throw new UserError({
    found: `The address is "${truncate(readable(address), 200)}"`,
    expected: 'host:port, without a scheme or a path',
    fix: 'write for example my-namespace.a1b2c.tmprl.cloud:7233',
  });
}

function tlsSettings(inputs: RawInputs, workspace: string, now: Date): TlsSettings | undefined {
  const certificate = inputs['client-cert'];
  const key = inputs['client-key'];
  const authority = inputs['server-ca-cert'];
  const serverName = inputs['server-name'];
  const given = [certificate, authority, serverName, inputs['api-key']];
  if (given.every((input) => input === undefined)) return undefined;
  const settings: { -readonly [K in keyof TlsSettings]: TlsSettings[K] } = {};
  if (certificate !== undefined && key !== undefined) {
    const pair = {
      certificate: readPem('client-cert', certificate, workspace),
      key: readPem('client-key', key, workspace),
    };
    checkKeyPair(pair, { certificate: 'Input client-cert', key: 'Input client-key' }, now);
    settings.clientCertificate = pair;
  }
  if (authority !== undefined) {
    const pem = readPem('server-ca-cert', authority, workspace);
    parseCertificate('Input server-ca-cert', pem);
    settings.serverCaCertificate = pem;
  }
  if (serverName !== undefined) settings.serverName = serverName;
  return settings;
}

interface ConfiguredConnection {
  readonly address?: string | undefined;
  readonly namespace?: string | undefined;
  readonly tls?: TlsSettings | undefined;
  readonly apiKey?: string | undefined;
  readonly metadata?: Record<string, string> | undefined;
}

function configuredConnection(
  environment: NodeJS.ProcessEnv,
  profile: string | undefined,
  now: Date,
): ConfiguredConnection {
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && value !== '') variables[name] = value;
  }
  let config;
  try {
    config = loadClientConnectConfig({
      overrideEnvVars: variables,
      ...(profile === undefined ? {} : { profile }),
    });
  } catch (error) {
    // From its second line on, the parser's message shows the file, which may hold credentials.
    const [words] = (error as Error).message.split('\n');
    throw new UserError(
      {
        found: `The Temporal configuration cannot be read: ${words}`,
        expected: 'valid TEMPORAL_* variables, and a valid temporal.toml if there is one',
        fix: 'correct them, or set the inputs address and namespace instead',
      },
      { cause: error },
    );
  }
  const { connectionOptions, namespace } = config;
  checkText('address', connectionOptions.address);
  checkText('namespace', namespace);
  checkText('api_key', connectionOptions.apiKey);
  const apiKey =
    typeof connectionOptions.apiKey === 'string' ? connectionOptions.apiKey : undefined;
  if (apiKey !== undefined) checkApiKey('The configured API key (TEMPORAL_API_KEY)', apiKey);
  const metadata = connectionOptions.metadata as Record<string, string> | undefined;
  for (const [name, value] of Object.entries(metadata ?? {})) {
    checkText('grpc_meta', value);
    checkHeaderValue(`The configured metadata (TEMPORAL_GRPC_META_*) "${readable(name)}"`, value);
  }
  const tls = connectionOptions.tls;
  return {
    address: connectionOptions.address,
    namespace,
    tls: tls === true ? {} : tls ? configuredTls(tls, now) : undefined,
    apiKey,
    metadata,
  };
}

/** The library takes any value of the file, even a number. */
function checkText(key: string, value: unknown): void {
  if (value === undefined || typeof value === 'string') return;
  throw new UserError({
    found: `The Temporal configuration holds a ${key} that is no text`,
    expected: 'text in quotation marks',
    fix: 'correct temporal.toml, or set the inputs address and namespace instead',
  });
}

/** Certificates of variables and files get the same checks as those of inputs. */
function configuredTls(tls: TLSConfig, now: Date): TlsSettings {
  const settings: { -readonly [K in keyof TlsSettings]: TlsSettings[K] } = {};
  if (tls.serverNameOverride !== undefined) settings.serverName = tls.serverNameOverride;
  if (tls.serverRootCACertificate !== undefined) {
    const pem = pemOf(tls.serverRootCACertificate);
    parseCertificate('The configured server CA certificate (TEMPORAL_TLS_SERVER_CA_CERT_*)', pem);
    settings.serverCaCertificate = pem;
  }
  if (tls.clientCertPair !== undefined) {
    const pair = { certificate: pemOf(tls.clientCertPair.crt), key: pemOf(tls.clientCertPair.key) };
    checkKeyPair(
      pair,
      {
        certificate: 'The configured client certificate (TEMPORAL_TLS_CLIENT_CERT_*)',
        key: 'The configured client key (TEMPORAL_TLS_CLIENT_KEY_*)',
      },
      now,
    );
    settings.clientCertificate = pair;
  }
  return settings;
}

function pemOf(bytes: Uint8Array | Buffer): string {
  return normalisePem(Buffer.from(bytes).toString('utf8'));
}

/** A file with connection settings must not be the pull request's own. */
function refuseWorkspaceFiles(environment: NodeJS.ProcessEnv, workspace: string): void {
  const configured = environment['TEMPORAL_CONFIG_FILE'];
  const home = environment['HOME'] ?? homedir();
  const candidates = [
    configured,
    join(environment['XDG_CONFIG_HOME'] || join(home, '.config'), 'temporalio', 'temporal.toml'),
  ];
  for (const path of candidates) {
    if (path === undefined || path === '' || !exists(path)) continue;
    // A link in the workspace is the pull request's, wherever it points.
    if ([resolve(path), realPathOf(path)].some((one) => isInside(one, realPathOf(workspace)))) {
      throw new UserError({
        found: 'The Temporal configuration file lies inside the workspace',
        expected: 'a file that pull-request code cannot change',
        fix: 'move it outside the checkout, or set the inputs address, namespace and the credentials',
      });
    }
  }
}

function exists(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}
