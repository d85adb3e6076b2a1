import { Client, Connection } from '@temporalio/client';
import { prepareEvents } from '../../src/temporal/history/prepare-history.js';
import { HistoryMessage } from '../../src/temporal/history/proto.js';
import type { ApplicationRun, StartedExecution } from '../../testing/example-application.js';
import { anExecution } from '../builders/executions.js';
import type { Fixture } from '../fixtures/histories.js';

/** The history of an execution of the example application, which stopped in a state. */
export type OrdersHistory = Fixture & { readonly state: string };

/** The histories of executions that were started, as they are on the server now. */
export async function ordersHistories(
  { server, taskQueue }: Pick<ApplicationRun, 'server' | 'taskQueue'>,
  started: readonly StartedExecution[],
): Promise<OrdersHistory[]> {
  const connection = await Connection.connect({ address: server.address });
  const { workflow } = new Client({ connection, namespace: server.namespace });
  const histories: OrdersHistory[] = [];
  for (const { state, ...execution } of started) {
    const { events } = await workflow
      .getHandle(execution.workflowId, execution.runId)
      .fetchHistory();
    const history = prepareEvents(events ?? []);
    histories.push({
      state,
      name: state,
      read: { kind: 'read', execution: anExecution({ ...execution, taskQueue }), history },
      events: HistoryMessage.decode(history.bytes).events,
    });
  }
  await connection.close();
  return histories;
}
