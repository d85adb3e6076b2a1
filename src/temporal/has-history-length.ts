import type { Execution } from '../model/execution.js';
import type { Server } from './connection.js';
import { GRPC, grpcCode } from './server-problem.js';

/** gRPC codes of a server that does not tell the length. Then the history is read again. */
const UNTOLD: readonly (number | undefined)[] = [
  GRPC.NOT_FOUND,
  GRPC.PERMISSION_DENIED,
  GRPC.UNIMPLEMENTED,
];

/**
 * Whether a running execution still has exactly this many events. Histories only grow, so a history of the same
 * length has not changed.
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
