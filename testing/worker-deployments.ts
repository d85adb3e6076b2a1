import { Connection, type ConnectionOptions } from '@temporalio/client';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningServer } from './temporal-server.js';

type Server = Pick<RunningServer, 'address' | 'namespace'> &
  Pick<ConnectionOptions, 'tls' | 'apiKey'>;

/** Milliseconds that a server may take to learn of a version whose worker has started to poll. */
const LEARN_TIMEOUT_MS = 20_000;

/** Makes a version that is or was polled for the current one of its deployment. */
export async function setCurrentVersion(
  server: Server,
  deploymentName: string,
  buildId: string,
): Promise<void> {
  await untilAccepted(server, (service, namespace) =>
    service.setWorkerDeploymentCurrentVersion({
      namespace,
      deploymentName,
      buildId,
      version: `${deploymentName}.${buildId}`,
      ignoreMissingTaskQueues: true,
    }),
  );
}

/** Lets a version take a share of the new executions, and of the tasks of those that auto-upgrade. */
export async function setRampingVersion(
  server: Server,
  deploymentName: string,
  buildId: string,
  percentage: number,
): Promise<void> {
  await untilAccepted(server, (service, namespace) =>
    service.setWorkerDeploymentRampingVersion({
      namespace,
      deploymentName,
      buildId,
      version: `${deploymentName}.${buildId}`,
      percentage,
      ignoreMissingTaskQueues: true,
    }),
  );
}

/** A version exists only some moments after its worker's first poll; until then it is not found. */
async function untilAccepted(
  { address, namespace, tls, apiKey }: Server,
  change: (service: Connection['workflowService'], namespace: string) => Promise<unknown>,
): Promise<void> {
  const connection = await Connection.connect({
    address,
    ...(tls !== undefined && { tls }),
    ...(apiKey !== undefined && { apiKey }),
  });
  const deadline = Date.now() + LEARN_TIMEOUT_MS;
  try {
    for (;;) {
      try {
        await change(connection.workflowService, namespace);
        return;
      } catch (error) {
        if (Date.now() > deadline) throw error;
      }
      await sleep(200);
    }
  } finally {
    await connection.close();
  }
}
