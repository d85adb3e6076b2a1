import type { Client } from '@temporalio/client';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventType, HistoryMessage, type IHistory } from '../../../src/temporal/history/proto.js';
import { goOrdersApplication } from '../../../testing/go-orders.js';
import { repeated, type Recording } from '../recorded.js';
import type { HistoryAtHand } from '../recorded-histories.js';

const TASK_QUEUE = 'scale-go';

/** Of each of the two types; they differ in how far they got. */
const RECORDED = 4;

/** Milliseconds after which an execution that should have got further is given up. */
const PATIENCE_MS = 30_000;

/** Go's durations are counted in nanoseconds. */
const MILLISECOND = 1_000_000;

/**
 * `count` histories of about 50 events each: eight that a real server recorded of the example application in Go,
 * over and over, with IDs of their own. Whether they are valid shows when they are replayed: every one has to pass.
 *
 * Half are reminders (timers and activities), half are orders (activities, a local goroutine that waits for a
 * signal, updates, a child); one of each four is still running.
 */
export function recordedGoHistories(count: number): Promise<HistoryAtHand[]> {
  return repeated(RECORDING, count, varied);
}

const RECORDING: Recording = {
  name: 'bench-scale-recorded-go-1',
  taskQueue: TASK_QUEUE,
  compile: goOrdersApplication,
  record: async function* (client) {
    for (let number = 0; number < RECORDED; number += 1) {
      yield [`reminder-${number}`, await recordReminder(client, number)];
      yield [`order-${number}`, await recordOrder(client, number)];
    }
  },
};

/**
 * The same way through the code, by another execution. Its IDs are replaced by others as long, wherever they
 * stand: the IDs of its children follow from its own, and so do arguments and results.
 */
function varied(recorded: Buffer, number: number): HistoryAtHand {
  const { events } = HistoryMessage.decode(recorded);
  const started = events[0]?.workflowExecutionStartedEventAttributes;
  const was = { workflowId: started?.workflowId, runId: started?.originalExecutionRunId };
  if (was.workflowId == null || was.runId == null) {
    throw new Error('a recorded history does not begin with its start');
  }
  const digits = String(number).padStart(DIGITS, '0');
  const workflowId = was.workflowId.slice(0, -DIGITS) + digits;
  const runId = was.runId.slice(0, -DIGITS) + digits;
  const bytes = replaceAll(replaceAll(recorded, was.workflowId, workflowId), was.runId, runId);
  return {
    workflowId,
    runId,
    workflowType: started?.workflowType?.name ?? '',
    taskQueue: TASK_QUEUE,
    status: isClosed(events.at(-1)) ? 'Completed' : 'Running',
    history: bytes.toString('base64'),
  };
}

/** How many figures at the end of an ID tell one execution from another. */
const DIGITS = 8;

function replaceAll(bytes: Buffer, from: string, to: string): Buffer {
  if (from.length !== to.length)
    throw new Error('the bytes of a message cannot change their number');
  const replaced = Buffer.from(bytes);
  for (let at = replaced.indexOf(from); at !== -1; at = replaced.indexOf(from, at + from.length)) {
    replaced.write(to, at, 'latin1');
  }
  return replaced;
}

function isClosed(last: { readonly eventType?: unknown } | undefined): boolean {
  return last?.eventType === EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED;
}

function idOf(name: string, number: number): string {
  return `${name}-${String(number).padStart(DIGITS, '0')}`;
}

/** The last one sleeps on. */
async function recordReminder(client: Client, number: number): Promise<IHistory> {
  const isOpen = number === RECORDED - 1;
  const intervals = Array.from({ length: 4 + (number % 2) }, () => MILLISECOND);
  const workflowId = idOf('reminder', number);
  const handle = await client.workflow.start('reminder', {
    taskQueue: TASK_QUEUE,
    workflowId,
    args: [
      {
        CustomerID: workflowId,
        Text: 'Your basket is waiting',
        Intervals: isOpen ? [...intervals, 3_600_000 * MILLISECOND] : intervals,
      },
    ],
  });
  if (!isOpen) {
    await handle.result();
    return handle.fetchHistory();
  }
  return grown(
    () => handle.fetchHistory(),
    EventType.EVENT_TYPE_TIMER_STARTED,
    intervals.length + 1,
  );
}

/** The last one waits for its delivery. */
async function recordOrder(client: Client, number: number): Promise<IHistory> {
  const isOpen = number === RECORDED - 1;
  const orderId = idOf('order', number);
  const address = (street: string): object => ({
    Name: 'Ada',
    Street: street,
    City: 'Springfield',
  });
  const handle = await client.workflow.start('order', {
    taskQueue: TASK_QUEUE,
    workflowId: orderId,
    args: [
      {
        OrderID: orderId,
        Items: [{ SKU: 'lamp', Quantity: 2 }],
        Amount: 5000,
        Card: 'card-valid',
        Address: address('Main Street 1'),
        PackingTime: MILLISECOND,
        DeliveryTimeout: (isOpen ? 3_600_000 : 1) * MILLISECOND,
      },
    ],
  });
  await grown(() => handle.fetchHistory(), EventType.EVENT_TYPE_TIMER_STARTED, 1);
  // One after the other: several at once would share a workflow task.
  const moves = isOpen ? 4 : 2 + (number % 2);
  for (let move = 1; move <= moves; move += 1) {
    await handle.executeUpdate('changeAddress', { args: [address(`Side Street ${move}`)] });
  }
  await handle.signal('approve');
  if (!isOpen) {
    await handle.result();
    return handle.fetchHistory();
  }
  return grown(
    () => handle.fetchHistory(),
    EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED,
    1,
  );
}

/** The history, once it has so many events of a kind and no workflow task under way. */
async function grown(
  fetch: () => Promise<IHistory>,
  eventType: EventType,
  times: number,
): Promise<IHistory> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const history = await fetch();
    const { events } = HistoryMessage.decode(HistoryMessage.encode(history).finish());
    const open = [
      EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
      EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
    ];
    if (
      events.filter((event) => event.eventType === eventType).length >= times &&
      !open.includes(events.at(-1)?.eventType as never)
    ) {
      return history;
    }
    if (Date.now() > deadline) throw new Error(`no history with ${times} of event ${eventType}`);
    await sleep(20);
  }
}
