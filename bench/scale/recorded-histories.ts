import type { Client } from '@temporalio/client';
import { setTimeout as sleep } from 'node:timers/promises';
import { HistoryMessage, type IHistory } from '../../src/temporal/history/proto.js';
import { OrdersApplication } from '../../testing/orders-application.js';
import { repeated, type Recording } from './recorded.js';

/** A history as the bench hands it to whoever replays it. */
export interface HistoryAtHand {
  readonly workflowId: string;
  readonly runId: string;
  readonly workflowType: string;
  readonly taskQueue: string;
  readonly status: 'Running' | 'Completed';
  /** Base64 of a binary `temporal.api.history.v1.History`. */
  readonly history: string;
}

const TASK_QUEUE = 'scale';

/** Of each of the two types; they differ in how far they got. */
const RECORDED = 4;

/** Milliseconds after which an execution that should have got further is given up. */
const PATIENCE_MS = 30_000;

/**
 * `count` histories of about 60 events each: eight that a real server recorded of the example application,
 * over and over, with IDs of their own and their times moved. Whether they are valid shows when they are
 * replayed: every one has to pass.
 *
 * Half are reminders, which have closed (timers and activities), half are customers' accounts, which run
 * (signals and activities).
 */
export function recordedHistories(count: number): Promise<HistoryAtHand[]> {
  return repeated(RECORDING, count, varied);
}

const RECORDING: Recording = {
  name: 'bench-scale-recorded-1',
  taskQueue: TASK_QUEUE,
  compile: OrdersApplication.compile,
  record: async function* (client) {
    for (let number = 0; number < RECORDED; number += 1) {
      yield [`reminder-${number}`, await recordReminder(client, number)];
      yield [`account-${number}`, await recordAccount(client, number)];
    }
  },
};

/** The same way through the code, by another execution at another time. */
function varied(recorded: Buffer, number: number): HistoryAtHand {
  const history = HistoryMessage.decode(recorded);
  const digits = number.toString(16).padStart(12, '0');
  const runId = `5ca1e000-0000-4000-8000-${digits}`;
  for (const event of history.events) {
    const seconds = Number(event.eventTime?.seconds ?? 0) + number;
    if (event.eventTime != null) event.eventTime.seconds = seconds as never;
  }
  const started = history.events[0]?.workflowExecutionStartedEventAttributes;
  if (started == null) throw new Error('a recorded history does not begin with its start');
  const workflowId = `${started.workflowType?.name ?? ''}-${number}`;
  started.workflowId = workflowId;
  started.originalExecutionRunId = runId;
  started.firstExecutionRunId = runId;
  const isClosed = history.events.at(-1)?.workflowExecutionCompletedEventAttributes != null;
  return {
    workflowId,
    runId,
    workflowType: started.workflowType?.name ?? '',
    taskQueue: TASK_QUEUE,
    status: isClosed ? 'Completed' : 'Running',
    history: Buffer.from(HistoryMessage.encode(history).finish()).toString('base64'),
  };
}

async function recordReminder(client: Client, number: number): Promise<IHistory> {
  const intervals = Array.from({ length: 4 + (number % 3) }, () => 1);
  const handle = await client.workflow.start('reminder', {
    taskQueue: TASK_QUEUE,
    workflowId: `reminder-${number}`,
    args: [{ customerId: `customer-${number}`, text: 'Hello', intervals }],
  });
  await handle.result();
  return handle.fetchHistory();
}

async function recordAccount(client: Client, number: number): Promise<IHistory> {
  const purchases = 5 + (number % 3);
  const handle = await client.workflow.start('customerAccount', {
    taskQueue: TASK_QUEUE,
    workflowId: `account-${number}`,
    args: [{ customerId: `customer-${number}` }],
  });
  // One after the other: several at once would share a workflow task.
  for (let purchase = 1; purchase <= purchases; purchase += 1) {
    await handle.signal('purchase', { orderId: `order-${purchase}`, amount: purchase });
    const deadline = Date.now() + PATIENCE_MS;
    while ((await handle.query<{ purchases: number }>('balance')).purchases < purchase) {
      if (Date.now() > deadline) throw new Error('a purchase was not recorded in time');
      await sleep(20);
    }
  }
  return handle.fetchHistory();
}
