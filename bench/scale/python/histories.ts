import { HistoryMessage } from '../../../src/temporal/history/proto.js';
import { pythonOrdersApplication } from '../../../testing/python-orders.js';
import { repeated, type Recording } from '../recorded.js';
import type { HistoryAtHand } from '../recorded-histories.js';

const TASK_QUEUE = 'scale-python';

/** Of each state and of the reminders. */
const RECORDED = 4;

/** Orders with a child, updates, signals and retries, and orders that were undone. */
const STATES = ['order-approved', 'order-cancelled'];

/**
 * `count` histories of 43 to 52 events: twelve that a real server recorded of the example application in
 * Python, over and over, with IDs of their own. Every one has to pass.
 */
export function pythonHistories(count: number): Promise<HistoryAtHand[]> {
  return repeated(RECORDING, count, withOwnIds);
}

const RECORDING: Recording = {
  name: 'bench-scale-python-recorded-1',
  taskQueue: TASK_QUEUE,
  compile: pythonOrdersApplication,
  record: async function* ({ workflow }, application, run) {
    for (const { workflowId } of await application.startExecutions(run, RECORDED, STATES)) {
      yield [workflowId, await workflow.getHandle(workflowId).fetchHistory()];
    }
    for (let number = 0; number < RECORDED; number += 1) {
      // As long as the IDs that the example makes up begin.
      const workflowId = `${number.toString().padStart(8, '0')}-reminder`;
      const reminder = { customer_id: workflowId, text: 'Hello', intervals: [1, 1, 1, 1] };
      await workflow.execute('reminder', { taskQueue: TASK_QUEUE, workflowId, args: [reminder] });
      yield [workflowId, await workflow.getHandle(workflowId).fetchHistory()];
    }
  },
};

/** IDs of the same length can be exchanged in the bytes: in payloads and in the ID of a child too. */
function withOwnIds(recorded: Buffer, number: number): HistoryAtHand {
  const { events } = HistoryMessage.decode(recorded);
  const started = events[0]?.workflowExecutionStartedEventAttributes;
  const { workflowId = '', originalExecutionRunId: runId = '' } = started ?? {};
  if (!workflowId || !runId) throw new Error('a recorded history does not begin with its start');
  const digits = number.toString(16).padStart(8, '0');
  const own = {
    workflowId: `${digits}${workflowId.slice(digits.length)}`,
    runId: `${digits}${runId.slice(digits.length)}`,
  };
  const text = recorded
    .toString('latin1')
    .replaceAll(workflowId, own.workflowId)
    .replaceAll(runId, own.runId);
  return {
    ...own,
    workflowType: started?.workflowType?.name ?? '',
    taskQueue: TASK_QUEUE,
    status: 'Completed',
    history: Buffer.from(text, 'latin1').toString('base64'),
  };
}
