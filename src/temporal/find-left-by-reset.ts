import { executionKey } from '../model/coverage.js';
import type { Execution } from '../model/execution.js';
import type { Server } from './connection.js';
import { GRPC, grpcCode } from './server-problem.js';

/** Each execution costs a request. Executions beyond this number count as not reset, which is the stricter answer. */
const MAX_ASKED = 100;

/**
 * The keys of the closed executions that a reset has replaced by another run. If a run was closed before its reset,
 * its last event does not change, so only its description tells of the reset.
 */
export async function findLeftByReset(
  server: Server,
  executions: readonly Execution[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const execution of executions.slice(0, MAX_ASKED)) {
    if (await hasResetRun(server, execution)) found.add(executionKey(execution));
  }
  return found;
}

async function hasResetRun(server: Server, { workflowId, runId }: Execution): Promise<boolean> {
  const isGone = (error: unknown): boolean => grpcCode(error) === GRPC.NOT_FOUND;
  try {
    const description = await server.request(
      'describing an execution',
      (service) =>
        service.describeWorkflowExecution({
          namespace: server.settings.namespace,
          execution: { workflowId, runId },
        }),
      isGone,
    );
    return Boolean(description.workflowExtendedInfo?.resetRunId);
  } catch (error) {
    // Retention has removed the execution since it was read. Nothing more can be known.
    if (isGone(error)) return false;
    throw error;
  }
}
