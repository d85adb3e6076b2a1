import { readFileSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { EncryptionCodec } from './encryption-codec';

type Environment = NodeJS.ProcessEnv;

/** Of the options that a client's and a worker's connection have in common, those we use. */
interface ConnectionSettings {
  address: string;
  apiKey?: string;
  tls: boolean | TlsSettings;
}

interface TlsSettings {
  serverNameOverride?: string;
  serverRootCACertificate?: Buffer;
  clientCertPair?: { crt: Buffer; key: Buffer };
}

/** Reads the standard `TEMPORAL_*` variables. An API key or any TLS setting switches TLS on. */
export function connectionSettings(env: Environment = process.env): ConnectionSettings {
  const tls = tlsSettings(env);
  const apiKey = env['TEMPORAL_API_KEY'];
  const usesTls = Boolean(apiKey) || env['TEMPORAL_TLS'] === 'true' || Object.keys(tls).length > 0;
  return {
    address: env['TEMPORAL_ADDRESS'] || 'localhost:7233',
    ...(apiKey && { apiKey }),
    tls: usesTls && tls,
  };
}

export function namespace(env: Environment = process.env): string {
  return env['TEMPORAL_NAMESPACE'] || 'default';
}

export function taskQueue(env: Environment = process.env): string {
  return env['TASK_QUEUE'] || 'orders';
}

/** Payloads are encrypted when `ENCRYPT=1`. */
export function dataConverter(env: Environment = process.env): DataConverter {
  return env['ENCRYPT'] === '1' ? { payloadCodecs: [EncryptionCodec.fromEnvironment(env)] } : {};
}

/** The caller closes the client's connection. */
export async function connectClient(env: Environment = process.env): Promise<Client> {
  return new Client({
    connection: await Connection.connect(connectionSettings(env)),
    namespace: namespace(env),
    dataConverter: dataConverter(env),
  });
}

function tlsSettings(env: Environment): TlsSettings {
  const serverName = env['TEMPORAL_TLS_SERVER_NAME'];
  const ca = pem(env, 'TEMPORAL_TLS_SERVER_CA_CERT');
  const crt = pem(env, 'TEMPORAL_TLS_CLIENT_CERT');
  const key = pem(env, 'TEMPORAL_TLS_CLIENT_KEY');
  return {
    ...(serverName && { serverNameOverride: serverName }),
    ...(ca && { serverRootCACertificate: ca }),
    ...(crt && key && { clientCertPair: { crt, key } }),
  };
}

function pem(env: Environment, name: string): Buffer | undefined {
  const data = env[`${name}_DATA`];
  const path = env[`${name}_PATH`];
  if (data) return Buffer.from(data);
  return path ? readFileSync(path) : undefined;
}
