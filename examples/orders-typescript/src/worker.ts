import { NativeConnection, Worker } from '@temporalio/worker';
import * as activities from './activities';
import { connectionSettings, dataConverter, namespace, taskQueue } from './connection';

/** Runs until SIGINT or SIGTERM. */
async function main(): Promise<void> {
  const buildId = process.env['BUILD_ID'];
  const connection = await NativeConnection.connect(connectionSettings());
  try {
    const worker = await Worker.create({
      connection,
      namespace: namespace(),
      taskQueue: taskQueue(),
      workflowsPath: require.resolve('./workflows'),
      activities,
      dataConverter: dataConverter(),
      ...(buildId && { buildId, useVersioning: true }),
    });
    console.log(
      `Worker of task queue ${taskQueue()} is ready, ${buildId ? `build ${buildId}` : 'unversioned'}`,
    );
    await worker.run();
  } finally {
    await connection.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
