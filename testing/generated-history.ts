import proto from '@temporalio/proto';

const { History } = proto.temporal.api.history.v1;
const { EventType } = proto.temporal.api.enums.v1;

/** Seconds between events: any will do, as long as time does not run backwards. */
const STEP_S = 1;

export interface TimerHistory {
  readonly workflowType: string;
  readonly workflowId: string;
  readonly taskQueue: string;
  /** Workflow tasks, one after the other: how many timers each starts. All of them fire before the next. */
  readonly timersByTask: readonly number[];
  /** Between each two tasks a signal comes that carries so many bytes; by default none comes. */
  readonly signalBytes?: number;
}

/**
 * The Event History of a workflow that waits for timers and is still running, as a server would hold it, in
 * protobuf's binary form: for histories that are too long to be recorded. It ends after the commands of the
 * last task.
 */
export function timerHistory(options: TimerHistory): Uint8Array {
  const events: proto.temporal.api.history.v1.IHistoryEvent[] = [];
  const add = (type: keyof typeof EventType, attributes: object): number => {
    const eventId = events.length + 1;
    events.push({
      eventId: eventId as never,
      eventType: EventType[type],
      eventTime: { seconds: (1_790_000_000 + eventId * STEP_S) as never, nanos: 0 },
      ...attributes,
    });
    return eventId;
  };
  const queue = { name: options.taskQueue };
  const runId = '0d1f2a3b-0000-4000-8000-000000000001';
  add('EVENT_TYPE_WORKFLOW_EXECUTION_STARTED', {
    workflowExecutionStartedEventAttributes: {
      workflowType: { name: options.workflowType },
      workflowId: options.workflowId,
      taskQueue: queue,
      originalExecutionRunId: runId,
      firstExecutionRunId: runId,
      workflowTaskTimeout: { seconds: 10 as never },
      attempt: 1,
    },
  });
  const signal = options.signalBytes === undefined ? undefined : carrying(options.signalBytes);
  let timers = 0;
  for (const count of options.timersByTask) {
    const scheduledEventId = add('EVENT_TYPE_WORKFLOW_TASK_SCHEDULED', {
      workflowTaskScheduledEventAttributes: { taskQueue: queue, attempt: 1 },
    });
    const startedEventId = add('EVENT_TYPE_WORKFLOW_TASK_STARTED', {
      workflowTaskStartedEventAttributes: { scheduledEventId },
    });
    const completedEventId = add('EVENT_TYPE_WORKFLOW_TASK_COMPLETED', {
      workflowTaskCompletedEventAttributes: {
        scheduledEventId,
        startedEventId,
        sdkMetadata: { sdkName: 'temporal-typescript', sdkVersion: '1.24.0' },
      },
    });
    const started = Array.from({ length: count }, () => {
      timers += 1;
      const timerId = String(timers);
      const timerStartedEventId = add('EVENT_TYPE_TIMER_STARTED', {
        timerStartedEventAttributes: {
          timerId,
          startToFireTimeout: { seconds: 1 as never },
          workflowTaskCompletedEventId: completedEventId,
        },
      });
      return { timerId, startedEventId: timerStartedEventId };
    });
    if (signal !== undefined) {
      add('EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED', {
        workflowExecutionSignaledEventAttributes: { signalName: 'news', input: signal },
      });
    }
    for (const timer of started) {
      add('EVENT_TYPE_TIMER_FIRED', { timerFiredEventAttributes: timer });
    }
  }
  return History.encode({ events }).finish();
}

function carrying(bytes: number): proto.temporal.api.common.v1.IPayloads {
  const data = Buffer.from(JSON.stringify('x'.repeat(Math.max(0, bytes - 2))));
  return { payloads: [{ metadata: { encoding: Buffer.from('json/plain') }, data }] };
}
