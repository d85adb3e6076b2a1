import { Client, Connection } from '@temporalio/client';
import type { ApplicationRun, ExampleApplication } from '../testing/example-application.js';

/** Work on a server while the worker of an example application serves its task queue. */
export async function withWorker<T>(
  compile: () => Promise<ExampleApplication>,
  run: Pick<ApplicationRun, 'server' | 'taskQueue' | 'buildId'>,
  work: (client: Client, application: ExampleApplication) => Promise<T>,
): Promise<T> {
  const application = await compile();
  const worker = await application.startWorker(run);
  const { address, namespace } = run.server;
  const connection = await Connection.connect({ address });
  try {
    return await work(new Client({ connection, namespace }), application);
  } finally {
    await connection.close();
    await worker.stop();
    await application.remove();
  }
}
