import { connectClient, taskQueue } from './connection';
import { executionStates, startOrders, type ExecutionState } from './executions';

/** `start [count] [state …]`, all states by default. Prints one started execution a line, as JSON. */
async function main(): Promise<void> {
  const count = Number(process.argv[2] ?? 1);
  if (!Number.isInteger(count) || count < 1) {
    throw new Error(`The count is ${process.argv[2]}, but should be a whole number from 1`);
  }
  const states = process.argv.slice(3).map(executionState);
  const client = await connectClient();
  try {
    for (const started of await startOrders(client, {
      taskQueue: taskQueue(),
      count,
      ...(states.length > 0 && { states }),
    })) {
      console.log(JSON.stringify({ ...started, is: executionStates[started.state] }));
    }
  } finally {
    await client.connection.close();
  }
}

function executionState(name: string): ExecutionState {
  if (!(name in executionStates)) {
    throw new Error(
      `No state is named ${name}; there are ${Object.keys(executionStates).join(', ')}`,
    );
  }
  return name as ExecutionState;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
