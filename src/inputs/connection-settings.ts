import { loadClientConnectConfig } from '@temporalio/envconfig';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { isInside, realPathOf } from './paths.js';
import { UserError } from '../model/user-error.js';
import { checkKeyPair, parseCertificate, readPem } from './pem.js';
import type { RawInputs } from './raw-inputs.js';
import type { ConnectionSettings, TlsSettings } from './settings.js';

export const DEFAULT_ADDRESS = 'localhost:7233';
export const DEFAULT_NAMESPACE = 'default';

/**
 * The connection from the inputs, else from the standard `TEMPORAL_*` variables and `temporal.toml`
 * (as every Temporal SDK reads them), else a local server.
 *
 * A credential from an input demands the address from an input too: an earlier step of the job could
 * set `TEMPORAL_ADDRESS` and so send the credential elsewhere. A configuration file inside the
 * workspace is refused: pull-request code could write it.
 */
export function connectionSettings(
  inputs: RawInputs,
  environment: NodeJS.ProcessEnv,
  workspace: string,
  now: Date,
): ConnectionSettings {
  checkPairing(inputs);
  const configured = configuredConnection(environment, workspace);

  const address = inputs.address ?? configured.address ?? DEFAULT_ADDRESS;
  checkAddress(address);
  const namespace = inputs.namespace ?? configured.namespace ?? DEFAULT_NAMESPACE;
  // The address decides who receives a credential: a configured one never goes to an input's address.
  const fromInputs = inputs.address !== undefined;
  const tls = tlsSettings(inputs, workspace, now) ?? (fromInputs ? undefined : configured.tls);
  return {
    address,
    namespace,
    ...(tls === undefined ? {} : { tls }),
    ...(fromInputs || configured.apiKey === undefined ? {} : { apiKey: configured.apiKey }),
    ...(fromInputs || configured.metadata === undefined ? {} : { metadata: configured.metadata }),
  };
}

function checkPairing(inputs: RawInputs): void {
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
  if (certificate !== undefined && inputs.address === undefined) {
    throw new UserError({
      found: 'Inputs client-cert and client-key are set and address is not',
      expected: 'the address of the server that the certificate is for, as an input',
      fix: 'set the input address; a variable could be changed by an earlier step of the job',
    });
  }
}

/** `host:port`, the form that gRPC takes; the scheme that people paste is the usual mistake. */
function checkAddress(address: string): void {
  const match = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/u.exec(address);
  const port = Number(match?.[1]);
  if (match !== null && port > 0 && port < 65_536) return;
  throw new UserError({
    found: `The address is "${address.slice(0, 200)}"`,
    expected: 'host:port, without a scheme or a path',
    fix: 'write for example my-namespace.a1b2c.tmprl.cloud:7233',
  });
}

function tlsSettings(inputs: RawInputs, workspace: string, now: Date): TlsSettings | undefined {
  const certificate = inputs['client-cert'];
  const key = inputs['client-key'];
  const authority = inputs['server-ca-cert'];
  const serverName = inputs['server-name'];
  if (certificate === undefined && authority === undefined && serverName === undefined) {
    return undefined;
  }
  const settings: { -readonly [K in keyof TlsSettings]: TlsSettings[K] } = {};
  if (certificate !== undefined && key !== undefined) {
    const pair = {
      certificate: readPem('client-cert', certificate, workspace),
      key: readPem('client-key', key, workspace),
    };
    checkKeyPair(pair.certificate, pair.key, now);
    settings.clientCertificate = pair;
  }
  if (authority !== undefined) {
    const pem = readPem('server-ca-cert', authority, workspace);
    parseCertificate('server-ca-cert', pem);
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
  workspace: string,
): ConfiguredConnection {
  refuseWorkspaceFiles(environment, workspace);
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && value !== '') variables[name] = value;
  }
  let config;
  try {
    config = loadClientConnectConfig({ overrideEnvVars: variables });
  } catch (error) {
    // From the second line on, the parser's message shows the file, in which credentials may stand.
    const [words] = (error as Error).message.split('\n');
    throw new UserError(
      {
        found: `The Temporal configuration cannot be read: ${words}`,
        expected: 'valid TEMPORAL_* variables and, where there is one, a valid temporal.toml',
        fix: 'correct them, or set the inputs address and namespace instead',
      },
      { cause: error },
    );
  }
  const { connectionOptions, namespace } = config;
  const tls = connectionOptions.tls;
  const settings: { -readonly [K in keyof TlsSettings]: TlsSettings[K] } = {};
  if (typeof tls === 'object' && tls !== null) {
    if (tls.serverNameOverride !== undefined) settings.serverName = tls.serverNameOverride;
    if (tls.serverRootCACertificate !== undefined) {
      settings.serverCaCertificate = Buffer.from(tls.serverRootCACertificate).toString('utf8');
    }
    if (tls.clientCertPair !== undefined) {
      settings.clientCertificate = {
        certificate: Buffer.from(tls.clientCertPair.crt).toString('utf8'),
        key: Buffer.from(tls.clientCertPair.key).toString('utf8'),
      };
    }
  }
  return {
    address: connectionOptions.address,
    namespace,
    tls: tls === true || typeof tls === 'object' ? settings : undefined,
    apiKey: typeof connectionOptions.apiKey === 'string' ? connectionOptions.apiKey : undefined,
    metadata: connectionOptions.metadata as Record<string, string> | undefined,
  };
}

/** Files that carry connection settings and so must not be the pull request's own. */
function refuseWorkspaceFiles(environment: NodeJS.ProcessEnv, workspace: string): void {
  const configured = environment['TEMPORAL_CONFIG_FILE'];
  const home = environment['HOME'] ?? homedir();
  const candidates = [
    configured,
    join(environment['XDG_CONFIG_HOME'] || join(home, '.config'), 'temporalio', 'temporal.toml'),
  ];
  for (const path of candidates) {
    if (path === undefined || path === '' || !exists(path)) continue;
    // A link in the workspace is the pull request's, wherever it leads.
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
