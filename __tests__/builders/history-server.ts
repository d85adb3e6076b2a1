import type { IHistoryEvent } from '../../src/temporal/history/proto.js';
import type { Execution } from '../../src/model/execution.js';
import { FakeServer, grpcError } from './fake-server.js';

/** An execution as a server has it at the moment. */
export interface ServedExecution {
  execution: Execution;
  events: readonly IHistoryEvent[];
}

/** A server that holds these executions, whose histories come on pages of so many events. */
export function historyServer(
  served: readonly ServedExecution[],
  eventsOnPage: number,
): FakeServer {
  const find = (request: Readonly<Record<string, unknown>>): ServedExecution => {
    const { runId } = request['execution'] as { runId: string };
    const found = served.find(({ execution }) => execution.runId === runId);
    if (found === undefined) throw grpcError(5, 'NOT_FOUND', 'workflow not found');
    return found;
  };
  return new FakeServer({
    describeWorkflowExecution: (request) => {
      const { execution, events } = find(request);
      return {
        workflowExecutionInfo: {
          execution: { runId: execution.runId },
          historyLength: events.length,
        },
      };
    },
    getWorkflowExecutionHistory: (request) => {
      const { events } = find(request);
      const from = Number(Buffer.from(request['nextPageToken'] as Uint8Array).toString() || '0');
      const to = from + eventsOnPage;
      return {
        history: { events: events.slice(from, to) },
        nextPageToken: Buffer.from(to < events.length ? String(to) : ''),
      };
    },
  });
}
