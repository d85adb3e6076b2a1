import { closeSync, openSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCertificates, SERVER_NAME, type Certificates } from './certificates.js';
import { messageOf } from './error-code.js';
import { freePort } from './free-port.js';
import { startProcess, type OwnedProcess } from './processes.js';
import { serverConfig, type ServicePorts } from './server-config.js';
import { createNamespace, untilServing, type ProbeOptions } from './temporal-client.js';
import { findTemporalCli, findTemporalServer } from './temporal-binary.js';
import { removeFolder, temporaryFolder } from './temporary-folder.js';
import { required, type Progress } from './toolchain.js';

export interface RunningServer {
  readonly address: string;
  readonly namespace: string;
  readonly pid: number;
  readonly logPath: string;
  stop(): Promise<void>;
}

export interface RunningTlsServer extends RunningServer {
  /** What the server accepts, and what it must refuse. Gone after `stop()`. */
  readonly certificates: Certificates;
  /** A name in the server's certificate that is no host's. */
  readonly serverName: string;
}

export interface ServerOptions {
  /** Created before the server counts as started. */
  readonly namespace?: string;
  /** `false`: as a server is by default, which refuses version sets. */
  readonly versionSets?: boolean;
  /** Further dynamic configuration. */
  readonly dynamicConfig?: Readonly<Record<string, string | number | boolean>>;
  /** Milliseconds until a server that does not serve is given up. */
  readonly timeoutMs?: number;
  readonly progress?: Progress;
}

export interface DevServerOptions extends ServerOptions {
  /** The Temporal CLI; found or built when not given. */
  readonly cli?: string;
  /** Custom search attributes and their types, as in `{ Customer: 'Keyword' }`. */
  readonly searchAttributes?: Readonly<Record<string, string>>;
}

export interface FullServerOptions extends ServerOptions {
  /** The server's binary; found or built when not given. */
  readonly server?: string;
}

/** With TLS: clients show a certificate, or, with an authorizer, an API key. */
export interface TlsServerOptions extends FullServerOptions {
  readonly tls: true;
  readonly authorization?: {
    /** A JSON Web Key Set: what its keys sign is let in, as far as its permissions go. */
    readonly keySourceUri: string;
    /** With every permission, to make the namespace with. */
    readonly adminKey: string;
  };
}

const TIMEOUT_MS = 60_000;

/** Switched off by default in every release, as version sets are deprecated. */
const VERSION_SET_CONFIG = {
  'frontend.workerVersioningDataAPIs': true,
  'frontend.workerVersioningWorkflowAPIs': true,
  'worker.buildIdScavengerEnabled': true,
};

/** Another process can take a port between our look and the server's start. */
const ATTEMPTS = 3;

/** With an authorizer the server's own worker needs a frontend that lets it in. */
const ALL_SERVICES = ['frontend', 'internal-frontend', 'history', 'matching', 'worker'];

/** How much of its log an error repeats when a server does not start. */
const LOG_TAIL_LENGTH = 3_000;

/** The Temporal CLI's dev server: everything in memory, on free ports of this machine. */
export async function startDevServer(options: DevServerOptions = {}): Promise<RunningServer> {
  const cli = options.cli ?? required(await findTemporalCli(options)).path;
  const namespace = options.namespace ?? 'default';
  return withFreshPorts(async () => {
    const port = await freePort();
    const args = [
      ['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--log-level', 'warn'],
      ['--port', String(port), '--ui-port', String(await freePort())],
      ['--http-port', String(await freePort()), '--metrics-port', String(await freePort())],
      ['--namespace', namespace],
      ...Object.entries(dynamicConfig(options)).map(([key, value]) => [
        '--dynamic-config-value',
        `${key}=${JSON.stringify(value)}`,
      ]),
      ...Object.entries(options.searchAttributes ?? {}).map(([name, type]) => [
        '--search-attribute',
        `${name}=${type}`,
      ]),
    ];
    const folder = await temporaryFolder('temporal-dev-server');
    const started = await launch(cli, args.flat(), folder);
    return serving(started, { address: `127.0.0.1:${port}` }, namespace, options);
  });
}

/** The full server, unencrypted. */
export async function startServer(options?: FullServerOptions): Promise<RunningServer>;
/** The full server with certificates of its own, which refuses whoever shows none, or no valid API key. */
export async function startServer(options: TlsServerOptions): Promise<RunningTlsServer>;
export async function startServer(
  options: FullServerOptions & Partial<Pick<TlsServerOptions, 'tls' | 'authorization'>> = {},
): Promise<RunningServer | RunningTlsServer> {
  const server = options.server ?? required(await findTemporalServer(options)).path;
  const namespace = options.namespace ?? 'default';
  const { authorization } = options;
  return withFreshPorts(async () => {
    const folder = await temporaryFolder('temporal-server');
    const certificates = options.tls ? await makeCertificates(folder) : undefined;
    const frontend = await servicePorts();
    // By name, as a TLS client may not send an IP address as the server's name.
    const address = `localhost:${frontend.grpc}`;
    const configPath = join(folder, 'server.yaml');
    const dynamicConfigPath = join(folder, 'dynamic.yaml');
    await writeFile(dynamicConfigPath, dynamicConfigFile(dynamicConfig(options)));
    const config = serverConfig(
      {
        frontend,
        frontendHttp: await freePort(),
        history: await servicePorts(),
        matching: await servicePorts(),
        worker: await servicePorts(),
        ...(authorization && { internalFrontend: await servicePorts() }),
      },
      dynamicConfigPath,
      certificates && {
        ...certificates,
        serverName: SERVER_NAME,
        requiresClientCertificate: authorization === undefined,
      },
      authorization?.keySourceUri,
    );
    await writeFile(configPath, JSON.stringify(config, undefined, 2));
    const args = authorization
      ? ['--config-file', configPath, 'start', ...ALL_SERVICES.map((name) => `--service=${name}`)]
      : ['--config-file', configPath, '--allow-no-auth', 'start'];
    const started = await launch(server, args, folder);
    const connection = {
      address,
      ...(certificates && { tls: clientTls(certificates) }),
      ...(authorization && { apiKey: authorization.adminKey }),
    };
    const running = await serving(started, connection, namespace, options);
    return certificates ? { ...running, certificates, serverName: SERVER_NAME } : running;
  });
}

/** TLS settings for a client of `startServer({ tls: true })`, with the certificate that it accepts. */
export function clientTls({ ca, client }: Certificates): {
  serverRootCACertificate: Buffer;
  clientCertPair: { crt: Buffer; key: Buffer };
} {
  return {
    serverRootCACertificate: Buffer.from(ca.cert),
    clientCertPair: { crt: Buffer.from(client.cert), key: Buffer.from(client.key) },
  };
}

interface Launched {
  readonly owned: OwnedProcess;
  readonly logPath: string;
  readonly folder: string;
}

async function launch(binary: string, args: string[], folder: string): Promise<Launched> {
  const logPath = join(folder, 'server.log');
  const log = openSync(logPath, 'a');
  try {
    const owned = await startProcess(binary, args, {
      stdio: ['ignore', log, log],
      cwd: folder,
      isService: true,
      // Nothing of a person's own configuration, with another address say, reaches the server.
      env: { PATH: process.env['PATH'], HOME: folder },
    });
    return { owned, logPath, folder };
  } finally {
    closeSync(log);
  }
}

async function serving(
  { owned, logPath, folder }: Launched,
  connection: ProbeOptions & { address: string },
  namespace: string,
  options: ServerOptions,
): Promise<RunningServer> {
  const deadline = Date.now() + (options.timeoutMs ?? TIMEOUT_MS);
  const stop = async (): Promise<void> => {
    await owned.stop();
    await removeFolder(folder);
  };
  const isOver = (): void => {
    const { exitCode, signalCode } = owned.child;
    if (exitCode !== null || signalCode !== null) {
      throw new Error(`It ended with ${signalCode ?? `exit code ${exitCode}`}.`);
    }
  };
  try {
    await createNamespace(connection, namespace, deadline, isOver);
    await untilServing(connection, namespace, deadline, isOver);
  } catch (error) {
    const log = await readFile(logPath, 'utf8');
    await stop();
    throw new Error(
      `The Temporal server did not start: ${messageOf(error)}\n${log.slice(-LOG_TAIL_LENGTH)}`,
      { cause: error },
    );
  }
  const { address } = connection;
  return { address, namespace, pid: owned.pid, logPath, stop };
}

async function withFreshPorts<T>(start: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start();
    } catch (error) {
      if (attempt === ATTEMPTS || !/address already in use/iu.test(String(error))) throw error;
    }
  }
}

async function servicePorts(): Promise<ServicePorts> {
  return { grpc: await freePort(), membership: await freePort() };
}

function dynamicConfig({
  versionSets = true,
  dynamicConfig: more,
}: ServerOptions): Record<string, unknown> {
  return { ...(versionSets ? VERSION_SET_CONFIG : {}), ...more };
}

function dynamicConfigFile(config: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(config).map(([key, value]) => [key, [{ value }]]);
  return JSON.stringify(Object.fromEntries(entries), undefined, 2);
}
