import { Client, Connection, type BuildIdOperation } from '@temporalio/client';
import type { RunningServer } from './temporal-server.js';

// Version sets are deprecated, and what this action serves.
/* eslint-disable @typescript-eslint/no-deprecated */

/** Registers build IDs, in order: each operation sees what the one before left. */
export async function registerBuildIds(
  server: Pick<RunningServer, 'address' | 'namespace'>,
  taskQueue: string,
  operations: readonly BuildIdOperation[],
): Promise<void> {
  const connection = await Connection.connect({ address: server.address });
  try {
    const client = new Client({ connection, namespace: server.namespace });
    for (const operation of operations) {
      await client.taskQueue.updateBuildIdCompatibility(taskQueue, operation);
    }
  } finally {
    await connection.close();
  }
}
