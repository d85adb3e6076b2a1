import { Client, Connection } from '@temporalio/client';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HistoryMessage } from '../../../src/temporal/history/proto.js';
import { cached } from '../../../testing/cache.js';
import { pythonOrdersApplication } from '../../../testing/python-orders.js';
import { startDevServer } from '../../../testing/temporal-server.js';
import type { HistoryAtHand } from '../recorded-histories.js';

const TASK_QUEUE = 'scale-python';

/** Of each state and of the reminders. */
const RECORDED = 4;

/** Orders with a child, updates, signals and retries, and orders that were undone. */
const STATES = ['order-approved', 'order-cancelled'];

/**
 * `count` histories of 43 to 52 events: twelve that a real server recorded of the example application in
 * Python, over and over, with IDs of their own. Every one has to pass.
 */
export async function pythonHistories(count: number): Promise<HistoryAtHand[]> {
  const folder = await cached('bench-scale-python-recorded-1', record);
  const files = (await readdir(folder)).sort();
  const recorded = await Promise.all(files.map((file) => readFile(join(folder, file))));
  return Array.from({ length: count }, (_, number) => {
    const bytes = recorded[number % recorded.length];
    if (bytes === undefined) throw new Error('nothing was recorded');
    return withOwnIds(bytes, number);
  });
}

/** IDs of the same length can be exchanged in the bytes: in payloads and in the ID of a child too. */
function withOwnIds(recorded: Buffer, number: number): HistoryAtHand {
  const { events } = HistoryMessage.decode(recorded);
  const started = events[0]?.workflowExecutionStartedEventAttributes;
  const { workflowId = '', originalExecutionRunId: runId = '' } = started ?? {};
  if (!workflowId || !runId) throw new Error('a recorded history does not begin with its start');
  const digits = number.toString(16).padStart(8, '0');
  const own = {
    workflowId: `${digits}${workflowId.slice(digits.length)}`,
    runId: `${digits}${runId.slice(digits.length)}`,
  };
  const text = recorded
    .toString('latin1')
    .replaceAll(workflowId, own.workflowId)
    .replaceAll(runId, own.runId);
  return {
    ...own,
    workflowType: started?.workflowType?.name ?? '',
    taskQueue: TASK_QUEUE,
    status: 'Completed',
    history: Buffer.from(text, 'latin1').toString('base64'),
  };
}

async function record(folder: string): Promise<void> {
  const server = await startDevServer();
  const application = await pythonOrdersApplication();
  const run = { server, taskQueue: TASK_QUEUE };
  const worker = await application.startWorker(run);
  const connection = await Connection.connect({ address: server.address });
  try {
    const { workflow } = new Client({ connection, namespace: server.namespace });
    await mkdir(folder, { recursive: true });
    const keep = async (workflowId: string): Promise<void> => {
      const history = await workflow.getHandle(workflowId).fetchHistory();
      await writeFile(join(folder, workflowId), HistoryMessage.encode(history).finish());
    };
    for (const { workflowId } of await application.startExecutions(run, RECORDED, STATES)) {
      await keep(workflowId);
    }
    for (let number = 0; number < RECORDED; number += 1) {
      // As long as the IDs that the example makes up begin.
      const workflowId = `${number.toString().padStart(8, '0')}-reminder`;
      const reminder = { customer_id: workflowId, text: 'Hello', intervals: [1, 1, 1, 1] };
      await workflow.execute('reminder', { taskQueue: TASK_QUEUE, workflowId, args: [reminder] });
      await keep(workflowId);
    }
  } finally {
    await connection.close();
    await worker.stop();
    await application.remove();
    await server.stop();
  }
}
