import { Connection, type ConnectionOptions } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from './error-code.js';

/** Milliseconds until an attempt to connect is given up, to see whether the server still runs. */
const CONNECT_TIMEOUT_MS = 1_000;

/** Milliseconds that the probing requests of one attempt may take. */
const PROBE_TIMEOUT_MS = 5_000;

const POLL_MS = 200;

/** gRPC's status code for "there is no such thing". */
const NOT_FOUND = 5;

/** gRPC's status code for "it is there already". */
const ALREADY_EXISTS = 6;

export type ProbeOptions = Pick<ConnectionOptions, 'address' | 'tls' | 'apiKey'>;

/**
 * Waits until a namespace can really be used: each service learns of a new namespace at its own
 * time, so frontend, visibility, matching and history are each asked something about it.
 *
 * @param isOver throws when waiting has become pointless, say because the server has died.
 */
export async function untilServing(
  options: ProbeOptions,
  namespace: string,
  deadline: number,
  isOver: () => void,
): Promise<void> {
  await untilDone(deadline, isOver, () =>
    withConnection(options, async ({ workflowService }) => {
      await workflowService.describeNamespace({ namespace });
      await workflowService.listWorkflowExecutions({ namespace, pageSize: 1 });
      await workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name: 'readiness-probe' },
        taskQueueType: proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
      });
      await workflowService
        .describeWorkflowExecution({ namespace, execution: { workflowId: 'readiness-probe' } })
        .catch((error: unknown) => {
          const knowsNamespace = hasCode(error, NOT_FOUND) && !/namespace/iu.test(error.message);
          if (!knowsNamespace) throw error;
        });
    }),
  );
}

/** Creates a namespace on a server that may still be starting; one that is there already is fine. */
export async function createNamespace(
  options: ProbeOptions,
  namespace: string,
  deadline: number,
  isOver: () => void,
): Promise<void> {
  await untilDone(deadline, isOver, () =>
    withConnection(options, async ({ workflowService }) => {
      await workflowService
        .registerNamespace({ namespace, workflowExecutionRetentionPeriod: ONE_DAY })
        .catch((error: unknown) => {
          if (!hasCode(error, ALREADY_EXISTS)) throw error;
        });
    }),
  );
}

const ONE_DAY = msToTs('1 day');

export async function withConnection(
  options: ProbeOptions,
  use: (connection: Connection) => Promise<void>,
): Promise<void> {
  const connection = await Connection.connect({ ...options, connectTimeout: CONNECT_TIMEOUT_MS });
  try {
    await connection.withDeadline(Date.now() + PROBE_TIMEOUT_MS, () => use(connection));
  } finally {
    await connection.close();
  }
}

async function untilDone(
  deadline: number,
  isOver: () => void,
  attempt: () => Promise<void>,
): Promise<void> {
  for (;;) {
    isOver();
    try {
      await attempt();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await sleep(POLL_MS);
  }
}
