import type { Execution } from '../model/execution.js';
import type { Server } from './connection.js';
import { GRPC, grpcCode } from './server-problem.js';

/** Codes of a server that will not say: then the history is read. */
const UNTOLD: readonly (number | undefined)[] = [
  GRPC.NOT_FOUND,
  GRPC.PERMISSION_DENIED,
  GRPC.UNIMPLEMENTED,
];

/**
 * Whether a running execution has just so many events now. Histories only grow, so one that has as many as it
 * had is the one that it was.
 */
export async function hasHistoryLength(
  server: Server,
  { workflowId, runId }: Execution,
  length: number,
  stop: AbortSignal,
): Promise<boolean> {
  const isUntold = (error: unknown): boolean => UNTOLD.includes(grpcCode(error));
  try {
    const { workflowExecutionInfo: info } = await server.request(
      'describing an execution',
      (service) =>
        service.describeWorkflowExecution({
          namespace: server.settings.namespace,
          execution: { workflowId, runId },
        }),
      isUntold,
      stop,
    );
    return info?.execution?.runId === runId && Number(info.historyLength ?? 0) === length;
  } catch (error) {
    if (isUntold(error)) return false;
    throw error;
  }
}
