import type { CertificateFiles } from './certificates.js';

export interface ServerPorts {
  readonly frontend: ServicePorts;
  readonly history: ServicePorts;
  readonly matching: ServicePorts;
  readonly worker: ServicePorts;
  /** The frontend that the server's own services use where the other one asks for credentials. */
  readonly internalFrontend?: ServicePorts;
  readonly frontendHttp: number;
}

export interface ServicePorts {
  readonly grpc: number;
  readonly membership: number;
}

export interface ServerTls {
  /** Also what the server's own services use towards each other. */
  readonly server: CertificateFiles;
  /** Signs the server's certificate, and every client certificate that is let in. */
  readonly ca: CertificateFiles;
  /** A name in the server's certificate. */
  readonly serverName: string;
  /** Whether clients must show a certificate. */
  readonly requiresClientCertificate: boolean;
}

/** The server's configuration file. It is written as JSON, which YAML is a superset of. */
export function serverConfig(
  ports: ServerPorts,
  dynamicConfigPath: string,
  tls: ServerTls | undefined,
  /** Where the keys are that sign API keys (a JSON Web Key Set); undefined: nobody is asked for one. */
  keySourceUri?: string,
): object {
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: 1,
      datastores: { default: inMemory('default'), visibility: inMemory('visibility') },
    },
    global: {
      membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' },
      ...(tls === undefined ? {} : { tls: tlsConfig(tls) }),
      ...(keySourceUri === undefined
        ? {}
        : {
            authorization: {
              jwtKeyProvider: { keySourceURIs: [keySourceUri], refreshInterval: '1m' },
              permissionsClaimName: 'permissions',
              authorizer: 'default',
              claimMapper: 'default',
            },
          }),
    },
    services: {
      ...(ports.internalFrontend === undefined
        ? {}
        : { 'internal-frontend': service(ports.internalFrontend) }),
      frontend: service(ports.frontend, { httpPort: ports.frontendHttp }),
      history: service(ports.history),
      matching: service(ports.matching),
      worker: service(ports.worker),
    },
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `localhost:${ports.frontend.grpc}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: dynamicConfigPath, pollInterval: '10s' },
  };
}

function service(ports: ServicePorts, more: object = {}): object {
  return {
    rpc: {
      grpcPort: ports.grpc,
      membershipPort: ports.membership,
      bindOnLocalHost: true,
      ...more,
    },
  };
}

function inMemory(databaseName: string): object {
  return {
    sql: {
      pluginName: 'sqlite',
      databaseName,
      connectAddr: 'localhost',
      connectProtocol: 'tcp',
      connectAttributes: { mode: 'memory', cache: 'private', setup: 'true' },
      maxConns: 1,
      maxIdleConns: 1,
      maxConnLifetime: '1h',
    },
  };
}

/** The server's own connections among its services are authenticated on both sides, whatever clients show. */
function tlsConfig({ server, ca, serverName, requiresClientCertificate }: ServerTls): object {
  const certificate = { certFile: server.certPath, keyFile: server.keyPath };
  const listening = { ...certificate, requireClientAuth: true, clientCaFiles: [ca.certPath] };
  const calling = { serverName, rootCaFiles: [ca.certPath] };
  return {
    internode: { server: listening, client: calling },
    frontend: { server: requiresClientCertificate ? listening : certificate, client: calling },
    systemWorker: { certFile: server.certPath, keyFile: server.keyPath, client: calling },
  };
}
