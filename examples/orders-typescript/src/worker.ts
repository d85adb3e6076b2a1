import { NativeConnection, Worker } from '@temporalio/worker';
import * as activities from './activities';
import { connectionSettings, dataConverter, namespace, taskQueue } from './connection';
import { describeVersioning, versioningOptions } from './versioning';

/** Runs until SIGINT or SIGTERM. */
async function main(): Promise<void> {
  const connection = await NativeConnection.connect(connectionSettings());
  try {
    const worker = await Worker.create({
      connection,
      namespace: namespace(),
      taskQueue: taskQueue(),
      workflowsPath: require.resolve('./workflows'),
      activities,
      dataConverter: dataConverter(),
      ...versioningOptions(),
    });
    console.log(`Worker of task queue ${taskQueue()} is ready, ${describeVersioning()}`);
    await worker.run();
  } finally {
    await connection.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
