import { EventType, HistoryMessage } from '../src/temporal/history/proto.js';

/** Bytes that are no history. */
export const NO_HISTORY = new Uint8Array([0x0a, 0xff, 0xff, 0xff, 0xff, 0x01]);

/** A well-formed history with one completed workflow task, of a workflow type that does not exist. */
export function historyOfUnknownType(workflowType: string): Uint8Array {
  const taskQueue = { name: 'conformance' };
  const history = HistoryMessage.fromObject({
    events: [
      {
        eventType: EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
        workflowExecutionStartedEventAttributes: {
          workflowType: { name: workflowType },
          taskQueue,
          attempt: 1,
          originalExecutionRunId: RUN_ID,
          firstExecutionRunId: RUN_ID,
        },
      },
      {
        eventType: EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
        workflowTaskScheduledEventAttributes: { taskQueue, attempt: 1 },
      },
      {
        eventType: EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
        workflowTaskStartedEventAttributes: { scheduledEventId: 2 },
      },
      {
        eventType: EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
        workflowTaskCompletedEventAttributes: { scheduledEventId: 2, startedEventId: 3 },
      },
      {
        eventType: EventType.EVENT_TYPE_TIMER_STARTED,
        timerStartedEventAttributes: { timerId: '1', workflowTaskCompletedEventId: 4 },
      },
    ].map((event, index) => ({
      ...event,
      eventId: index + 1,
      eventTime: { seconds: 1_700_000_000 + index },
    })),
  });
  return HistoryMessage.encode(history).finish();
}

export const RUN_ID = '00000000-0000-4000-8000-000000000000';
