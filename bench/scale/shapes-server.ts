import { startGeneratedServer } from '../../testing/generated-server.js';
import { tellRequests } from './server-program.js';
import { EXECUTIONS, historyOf, shapesListed, WORKFLOW_TYPE } from './shapes.js';

/**
 * A server with executions of 200 shapes, as a program of its own.
 *
 * tsx shapes-server.ts SEED tells|blind
 *
 * Prints its address, and on every line of its input the requests so far, by method, as JSON. Only of closed
 * executions a listing tells the length: so all are closed where it tells, and none is where it does not.
 */
const [seed = '', how = ''] = process.argv.slice(2);
const tells = how === 'tells';
const shapes = shapesListed(Number(seed));

const told = (number: number): { workflowId: string; runId: string } => ({
  workflowId: `route-${number}`,
  runId: `5ca1e000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`,
});
const eventsOf = (number: number) => historyOf(shapes[number] ?? 0, tells, told(number));
const lengths = new Map<number, number>();
const lengthOf = (number: number): number => {
  const shape = shapes[number] ?? 0;
  const known = lengths.get(shape) ?? eventsOf(number).length;
  lengths.set(shape, known);
  return known;
};

const server = await startGeneratedServer({
  executions: {
    count: EXECUTIONS,
    at: (number) => ({
      ...told(number),
      workflowType: WORKFLOW_TYPE,
      // The server lists the newest first.
      startTime: 1_790_000_000 - number,
      ...(tells
        ? {
            status: 'WORKFLOW_EXECUTION_STATUS_COMPLETED' as const,
            historyLength: lengthOf(number),
          }
        : {}),
    }),
    events: (workflowId) => eventsOf(Number(workflowId.split('-')[1])),
  },
});
tellRequests(server);
