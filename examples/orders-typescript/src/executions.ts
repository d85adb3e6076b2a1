import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type {
  Client,
  Workflow,
  WorkflowExecutionStatusName,
  WorkflowHandle,
  WorkflowStartOptions,
} from '@temporalio/client';
import type { customerAccount, order, reminder } from './workflows';
import * as messages from './workflows/messages';
import type {
  Address,
  OrderInput,
  OrderStatus,
  ReminderInput,
  ShipmentStatus,
} from './workflows/types';

/** Where an execution stops, and what it then is. `parent → child` are two executions. */
export const executionStates = {
  'order-waiting-for-approval': 'running, in the timer that limits the wait for an approval',
  'order-address-changed': 'running, waiting for an approval, after one update',
  'order-charging': 'running, waiting for the activity chargeCard',
  'order-packing': 'running, waiting for its child → running, in the timer for packing',
  'order-in-transit': 'running, waiting for its child → running, waiting for a delivery',
  'order-completed': 'completed → completed, nobody confirmed the delivery',
  'order-approved': 'completed, after a signal, an update and a retry → completed, confirmed',
  'order-expired': 'completed, nobody approved: the stock was released',
  'order-cancelled': 'cancelled, after a refund and release of the stock → cancelled',
  'order-failed': 'failed, the card was declined: the stock was released',
  'account-collecting': 'running, waiting for a signal after two of them',
  'account-continued': 'continued as new, after three signals; the next run is running',
  'reminder-sleeping': 'running, in the first timer',
  'reminder-sleeping-again': 'running, in the third timer',
  'reminder-completed': 'completed, after two timers',
} as const;

export type ExecutionState = keyof typeof executionStates;

export interface StartOrdersOptions {
  taskQueue: string;
  /** Executions of each state; 1 by default. */
  count?: number;
  /** All of them by default. */
  states?: readonly ExecutionState[];
  /** Workflow IDs are `<idPrefix>-<state>-<number>`; random by default. */
  idPrefix?: string;
  /** How long an execution may take to arrive in its state; 60,000 by default. */
  timeoutMs?: number;
}

export interface StartedExecution {
  state: ExecutionState;
  workflowType: string;
  workflowId: string;
  /** Of the first run, where the execution continued as new. */
  runId: string;
}

/**
 * Starts executions and returns them when each has arrived in its state. A worker must be running
 * on the task queue. A shipment is started by its order and not listed; its workflow ID is that of
 * the order with the suffix `-shipment`.
 *
 * @throws Error when an execution does not arrive in its state in time
 */
export async function startOrders(
  client: Client,
  options: StartOrdersOptions,
): Promise<StartedExecution[]> {
  const { taskQueue, count = 1, idPrefix = randomUUID().slice(0, 8) } = options;
  const states = options.states ?? (Object.keys(executionStates) as ExecutionState[]);
  const wanted = Array.from({ length: count }, (_, index) =>
    states.map((state) => ({ state, workflowId: `${idPrefix}-${state}-${index + 1}` })),
  ).flat();

  const started: StartedExecution[] = [];
  const remaining = wanted.entries();
  async function startRemaining(): Promise<void> {
    for (const [index, { state, workflowId }] of remaining) {
      const deadline = Date.now() + (options.timeoutMs ?? 60_000);
      started[index] = await bring({ client, taskQueue, workflowId, deadline }, state);
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, startRemaining));
  return started;
}

/** Executions that are on their way at one time, so that a small server keeps up. */
const CONCURRENCY = 50;

interface Run {
  client: Client;
  taskQueue: string;
  workflowId: string;
  /** In milliseconds since the epoch. */
  deadline: number;
}

async function bring(run: Run, state: ExecutionState): Promise<StartedExecution> {
  const handle = await scenarios[state](run);
  const { type } = await handle.describe();
  return {
    state,
    workflowType: type,
    workflowId: run.workflowId,
    runId: handle.firstExecutionRunId,
  };
}

type StartedHandle = WorkflowHandle<Workflow> & { firstExecutionRunId: string };

const SMALL_AMOUNT = 40;
const LARGE_AMOUNT = 2_500;
const SOON = '10 ms';
const FIRST_ADDRESS: Address = { name: 'A. Buyer', street: '1 High Street', city: 'Springfield' };
const NEW_ADDRESS: Address = { name: 'A. Buyer', street: '2 Low Street', city: 'Springfield' };

const scenarios: Record<ExecutionState, (run: Run) => Promise<StartedHandle>> = {
  async 'order-waiting-for-approval'(run) {
    const handle = await startOrder(run, { amount: LARGE_AMOUNT });
    await untilOrderIs(run, 'waiting-for-approval');
    return handle;
  },

  async 'order-address-changed'(run) {
    const handle = await startOrder(run, { amount: LARGE_AMOUNT });
    await untilOrderIs(run, 'waiting-for-approval');
    await handle.executeUpdate(messages.changeAddress, { args: [NEW_ADDRESS] });
    return handle;
  },

  async 'order-charging'(run) {
    const handle = await startOrder(run, { card: 'card-pending' });
    await untilOrderIs(run, 'charging');
    return handle;
  },

  async 'order-packing'(run) {
    const handle = await startOrder(run, {});
    await untilShipmentIs(run, 'packing');
    return handle;
  },

  async 'order-in-transit'(run) {
    const handle = await startOrder(run, { packingTime: SOON });
    await untilShipmentIs(run, 'in-transit');
    return handle;
  },

  async 'order-completed'(run) {
    const handle = await startOrder(run, { packingTime: SOON, deliveryTimeout: SOON });
    await untilClosed(run, handle, 'COMPLETED');
    return handle;
  },

  async 'order-approved'(run) {
    const handle = await startOrder(run, {
      amount: LARGE_AMOUNT,
      card: 'card-flaky',
      packingTime: SOON,
    });
    await untilOrderIs(run, 'waiting-for-approval');
    await handle.executeUpdate(messages.changeAddress, { args: [NEW_ADDRESS] });
    await handle.signal(messages.approve);
    await untilShipmentIs(run, 'in-transit');
    await shipmentOf(run).signal(messages.delivered);
    await untilClosed(run, handle, 'COMPLETED');
    return handle;
  },

  async 'order-expired'(run) {
    const handle = await startOrder(run, { amount: LARGE_AMOUNT, approvalTimeout: SOON });
    await untilClosed(run, handle, 'COMPLETED');
    return handle;
  },

  async 'order-cancelled'(run) {
    const handle = await startOrder(run, {});
    await untilShipmentIs(run, 'packing');
    await handle.cancel();
    await untilClosed(run, handle, 'CANCELLED');
    return handle;
  },

  async 'order-failed'(run) {
    const handle = await startOrder(run, { card: 'card-declined' });
    await untilClosed(run, handle, 'FAILED');
    return handle;
  },

  async 'account-collecting'(run) {
    const handle = await startAccount(run, { purchases: 2, purchasesPerRun: 3 });
    await untilAccountHas(run, handle, 2);
    return handle;
  },

  async 'account-continued'(run) {
    const handle = await startAccount(run, { purchases: 3, purchasesPerRun: 3 });
    const firstRun = run.client.workflow.getHandle(run.workflowId, handle.firstExecutionRunId);
    await untilClosed(run, firstRun, 'CONTINUED_AS_NEW');
    await untilAccountHas(run, run.client.workflow.getHandle(run.workflowId), 3);
    return handle;
  },

  async 'reminder-sleeping'(run) {
    const handle = await startReminder(run, ['7 days']);
    await untilRemindersAre(run, handle, 0);
    return handle;
  },

  async 'reminder-sleeping-again'(run) {
    const handle = await startReminder(run, [SOON, SOON, '7 days']);
    await untilRemindersAre(run, handle, 2);
    return handle;
  },

  async 'reminder-completed'(run) {
    const handle = await startReminder(run, [SOON, SOON]);
    await untilClosed(run, handle, 'COMPLETED');
    return handle;
  },
};

function startOrder(run: Run, input: Partial<OrderInput>): Promise<StartedHandle> {
  return run.client.workflow.start<typeof order>('order', {
    ...startOptions(run),
    args: [
      {
        orderId: run.workflowId,
        items: [{ sku: 'lamp', quantity: 2 }],
        amount: SMALL_AMOUNT,
        card: 'card-valid',
        address: FIRST_ADDRESS,
        ...input,
      },
    ],
  });
}

async function startAccount(
  run: Run,
  { purchases, purchasesPerRun }: { purchases: number; purchasesPerRun: number },
): Promise<StartedHandle> {
  const handle = await run.client.workflow.start<typeof customerAccount>('customerAccount', {
    ...startOptions(run),
    args: [{ customerId: run.workflowId, purchasesPerRun }],
  });
  for (let number = 1; number <= purchases; number++) {
    await handle.signal(messages.purchase, {
      orderId: `${run.workflowId}-${number}`,
      amount: SMALL_AMOUNT,
    });
  }
  return handle;
}

function startReminder(run: Run, intervals: ReminderInput['intervals']): Promise<StartedHandle> {
  return run.client.workflow.start<typeof reminder>('reminder', {
    ...startOptions(run),
    args: [{ customerId: run.workflowId, text: 'Your basket is waiting', intervals }],
  });
}

function startOptions(run: Run): Pick<WorkflowStartOptions, 'workflowId' | 'taskQueue'> {
  return { workflowId: run.workflowId, taskQueue: run.taskQueue };
}

function shipmentOf(run: Run): WorkflowHandle {
  return run.client.workflow.getHandle(`${run.workflowId}-shipment`);
}

function untilOrderIs(run: Run, expected: OrderStatus): Promise<void> {
  const handle = run.client.workflow.getHandle(run.workflowId);
  return until(run, expected, () => handle.query(messages.orderStatus));
}

function untilShipmentIs(run: Run, expected: ShipmentStatus): Promise<void> {
  return until(run, expected, () => shipmentOf(run).query(messages.shipmentStatus));
}

function untilAccountHas(run: Run, handle: WorkflowHandle, purchases: number): Promise<void> {
  return until(run, purchases, async () => (await handle.query(messages.balance)).purchases);
}

function untilRemindersAre(run: Run, handle: WorkflowHandle, sent: number): Promise<void> {
  return until(run, sent, () => handle.query(messages.remindersSent));
}

function untilClosed(
  run: Run,
  handle: WorkflowHandle,
  expected: WorkflowExecutionStatusName,
): Promise<void> {
  return until(run, expected, async () => (await handle.describe()).status.name);
}

async function until<T extends string | number>(
  run: Run,
  expected: T,
  read: () => Promise<T>,
): Promise<void> {
  let found: T | undefined;
  let cause: unknown;
  for (let pause = 100; Date.now() < run.deadline; pause = Math.min(pause * 1.5, 1_000)) {
    try {
      found = await read();
      if (found === expected) return;
    } catch (error) {
      // A child may not have been started yet, or the worker may only be starting.
      cause = error;
    }
    await delay(pause);
  }
  throw new Error(
    `${run.workflowId} is ${found ?? 'not started'}, but should have become ${expected}. ` +
      `Does a worker run on the task queue ${run.taskQueue}?`,
    { cause },
  );
}
