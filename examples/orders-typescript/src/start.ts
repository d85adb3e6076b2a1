import { connectClient, taskQueue } from './connection';
import { executionStates, startOrders } from './executions';

/** Prints one started execution a line, as JSON. */
async function main(): Promise<void> {
  const count = Number(process.argv[2] ?? 1);
  if (!Number.isInteger(count) || count < 1) {
    throw new Error(`The count is ${process.argv[2]}, but should be a whole number from 1`);
  }
  const client = await connectClient();
  try {
    for (const started of await startOrders(client, { taskQueue: taskQueue(), count })) {
      console.log(JSON.stringify({ ...started, is: executionStates[started.state] }));
    }
  } finally {
    await client.connection.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
