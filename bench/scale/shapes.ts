import { EventType, HistoryMessage, type IHistoryEvent } from '../../src/temporal/history/proto.js';
import { drawn } from '../../src/selection/random.js';

export const EXECUTIONS = 10_000;
export const SHAPES = 200;

/** The shape that the code under test breaks, and how many executions have it: 0.1 %. */
export const BREAKING = 0;
export const BROKEN = 10;

export const WORKFLOW_TYPE = 'route';

/**
 * A workflow whose way is set by its input: each stop is an activity. So the shape of a history is the list of
 * its stops, and real code can be asked to follow any of them.
 */
export const WORKFLOWS = `import { proxyActivities } from '@temporalio/workflow';
const activities = proxyActivities<Record<string, () => Promise<void>>>({ startToCloseTimeout: '1 minute' });
export async function ${WORKFLOW_TYPE}({ stops }: { stops: string[] }): Promise<void> {
  for (const stop of stops) await activities[stop]!();
}
`;

/** The same, but for one stop that one shape alone has. */
export const CHANGED_WORKFLOWS = WORKFLOWS.replace(
  'for (const stop of stops)',
  "for (const stop of stops) if (stop === 'breaking') await activities['audit']!(); else",
);

/** The shape of each execution, in the order in which the server lists them. */
export function shapesListed(seed: number): readonly number[] {
  const sizes = [BROKEN, ...evenly(EXECUTIONS - BROKEN, SHAPES - 1)];
  return drawn(
    sizes.flatMap((size, shape) => Array.from({ length: size }, () => shape)),
    Number.POSITIVE_INFINITY,
    seed,
  );
}

export function evenly(executions: number, shapes: number): number[] {
  return Array.from(
    { length: shapes },
    (_, shape) =>
      Math.floor((executions * (shape + 1)) / shapes) - Math.floor((executions * shape) / shapes),
  );
}

/** @param tells whether no two shapes are equally long: from 23 to 222 events, else 53 */
function stopsOf(shape: number, tells: boolean): { stops: string[]; signals: number } {
  const last = shape === BREAKING ? 'breaking' : `c${shape >> 4}`;
  if (!tells) {
    const way = ['pack', `a${shape & 3}`, 'scan', `b${(shape >> 2) & 3}`, 'load', last];
    return { stops: [...way, 'drive', 'unload', 'sign'], signals: 0 };
  }
  // Six events a stop, and one a signal.
  const between = Array.from({ length: Math.floor(shape / 6) }, (_, stop) => `d${stop}`);
  return { stops: ['pack', ...between, last, 'sign'], signals: shape % 6 };
}

export interface Told {
  readonly workflowId: string;
  readonly runId: string;
}

/**
 * The history of a route as a server would hold it: where length tells the shape it has been driven to its end, as
 * a listing tells the length of closed executions only; else it runs, and waits for its last stop.
 */
export function historyOf(
  shape: number,
  tells: boolean,
  { workflowId, runId }: Told,
): IHistoryEvent[] {
  const { stops, signals } = stopsOf(shape, tells);
  const objects: Record<string, unknown>[] = [];
  const add = (type: string, attributes: Record<string, unknown>): number => {
    const eventId = objects.length + 1;
    const own = type
      .toLowerCase()
      .replace(/_([a-z])/gu, (_, letter: string) => letter.toUpperCase());
    objects.push({
      eventId,
      eventType: EventType[`EVENT_TYPE_${type}` as keyof typeof EventType],
      eventTime: { seconds: 1_790_000_000 + eventId, nanos: 0 },
      [`${own}EventAttributes`]: attributes,
    });
    return eventId;
  };
  const taskQueue = { name: 'scale' };
  const second = { seconds: 60 };
  add('WORKFLOW_EXECUTION_STARTED', {
    workflowType: { name: WORKFLOW_TYPE },
    workflowId,
    taskQueue,
    originalExecutionRunId: runId,
    firstExecutionRunId: runId,
    workflowTaskTimeout: { seconds: 10 },
    attempt: 1,
    input: payloads({ stops }),
  });
  let scheduledEventId = add('WORKFLOW_TASK_SCHEDULED', { taskQueue, attempt: 1 });
  // They come while the first task waits for a worker. Nobody handles them.
  for (let signal = 0; signal < signals; signal += 1) {
    add('WORKFLOW_EXECUTION_SIGNALED', { signalName: 'news' });
  }
  let tasks = 0;
  const completeTask = (): number => {
    tasks += 1;
    const startedEventId = add('WORKFLOW_TASK_STARTED', { scheduledEventId });
    return add('WORKFLOW_TASK_COMPLETED', {
      scheduledEventId,
      startedEventId,
      // Of a history without the flags the SDK compares no activity types, as it was before it knew how to.
      ...(tasks === 1
        ? {
            sdkMetadata: {
              coreUsedFlags: [1, 2, 3],
              sdkName: 'temporal-typescript',
              sdkVersion: '1.24.0',
            },
          }
        : {}),
    });
  };
  for (const [index, stop] of stops.entries()) {
    const activity = add('ACTIVITY_TASK_SCHEDULED', {
      activityId: String(index + 1),
      activityType: { name: stop },
      taskQueue,
      startToCloseTimeout: second,
      workflowTaskCompletedEventId: completeTask(),
    });
    if (!tells && index === stops.length - 1) break;
    const startedEventId = add('ACTIVITY_TASK_STARTED', { scheduledEventId: activity, attempt: 1 });
    add('ACTIVITY_TASK_COMPLETED', { scheduledEventId: activity, startedEventId });
    scheduledEventId = add('WORKFLOW_TASK_SCHEDULED', { taskQueue, attempt: 1 });
  }
  if (tells) add('WORKFLOW_EXECUTION_COMPLETED', { workflowTaskCompletedEventId: completeTask() });
  return HistoryMessage.fromObject({ events: objects }).events;
}

function payloads(value: unknown): object {
  const data = Buffer.from(JSON.stringify(value));
  return { payloads: [{ metadata: { encoding: Buffer.from('json/plain') }, data }] };
}
