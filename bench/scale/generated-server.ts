import { HistoryMessage, EventType, type IHistoryEvent } from '../../src/temporal/history/proto.js';
import { startGeneratedServer } from '../../testing/generated-server.js';
import { recordedHistories } from './recorded-histories.js';
import { tellRequests } from './server-program.js';

/**
 * The server that makes up its executions, as a program of its own, with histories that a real server recorded.
 *
 * tsx generated-server.ts EXECUTIONS
 *
 * Prints its address, and on every line of its input the requests so far, by method, as JSON.
 */
const count = Number(process.argv[2]);

const histories = (await recordedHistories(8)).map((one) => {
  const { events } = HistoryMessage.decode(Buffer.from(one.history, 'base64'));
  return { ...one, events };
});

function templateOf(number: number): (typeof histories)[number] {
  return histories[number % histories.length] as (typeof histories)[number];
}

function runIdOf(number: number): string {
  return `5ca1e000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

function eventsOf(workflowId: string): IHistoryEvent[] {
  const number = Number(workflowId.split('-')[1]);
  const { events } = templateOf(number);
  // What runs has no end yet.
  const open = events.filter(
    ({ eventType }) => eventType !== EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
  );
  const [started] = open;
  const attributes = started?.workflowExecutionStartedEventAttributes;
  if (attributes == null) throw new Error('a recorded history does not begin with its start');
  const own = {
    ...attributes,
    workflowId,
    originalExecutionRunId: runIdOf(number),
    firstExecutionRunId: runIdOf(number),
  };
  return [{ ...started, workflowExecutionStartedEventAttributes: own }, ...open.slice(1)];
}

const server = await startGeneratedServer({
  executions: {
    count,
    at: (number) => ({
      workflowId: `generated-${number}`,
      runId: runIdOf(number),
      workflowType: templateOf(number).workflowType,
      startTime: 1_790_000_000 + number,
    }),
    events: eventsOf,
  },
});
tellRequests(server);
