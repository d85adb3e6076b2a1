import type { Client, WorkflowHandle } from '@temporalio/client';
import proto from '@temporalio/proto';
import { Worker, type NativeConnection } from '@temporalio/worker';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  EventType,
  eventIdOf,
  HistoryMessage,
  type IHistoryEvent,
} from '../../../src/history/proto.js';
import type { Execution } from '../../../src/model/execution.js';
import * as activities from '../corpus/activities.js';
import type { Scenario, Step } from '../corpus/scenarios.js';
import { whereItStands } from './at-rest.js';
import { commandTrace } from './command-trace.js';

/** One execution that a worker with the base began and a worker with the edit took over. */
export interface TakeOver {
  readonly cut: number;
  readonly execution: Execution;
  /** As the base's worker left it, binary: what the gate gets. */
  readonly history: Uint8Array;
  readonly end: TakeOverEnd;
}

export type TakeOverEnd =
  /** The first workflow task of the edit's worker failed: it cannot take over. */
  | { readonly kind: 'breaks'; readonly cause: string; readonly message: string }
  /** It took over, and a later workflow task failed: no history before it can show that. */
  | { readonly kind: 'fails-later'; readonly message: string }
  /** What the execution did from start to end. */
  | { readonly kind: 'went-on'; readonly trace: readonly string[] };

export interface Stage {
  readonly client: Client;
  readonly connection: NativeConnection;
  /** Unique: everything of this take-over happens in it. */
  readonly taskQueue: string;
  /** Paths of bundles. */
  readonly base: string;
  readonly edit: string;
}

const { TimeoutType } = proto.temporal.api.enums.v1;

/** A signal that no workflow handles: it brings a workflow task and changes nothing. */
const WAKE = 'wakeUp';

/** Milliseconds that an execution may take until it rests. */
const PATIENCE_MS = 120_000;

/** Milliseconds without an event after which a child that is open counts as waiting for ever. */
const CHILD_PATIENCE_MS = 2_000;

/** Each look reads the whole history: short enough not to be waited for, long enough for many at a time. */
const POLL_MS = 150;

/**
 * Starts an execution for each cut, brings it there on a worker with the base, and has a worker with the
 * edit take the same task queue. That worker is fresh: it replays each execution from its first event.
 *
 * The cache is on, because without one the SDK (1.24) loses local activities now and then, and their
 * workflow task with them.
 */
export async function takeOver(scenario: Scenario, stage: Stage): Promise<TakeOver[]> {
  const { client, taskQueue } = stage;
  const began = await withWorker(stage, stage.base, () =>
    Promise.all(
      scenario.cuts.map(async (cut) => {
        const started = await client.workflow.start(scenario.workflowType, {
          workflowId: `${taskQueue}-${cut}`,
          taskQueue,
          args: [...scenario.args],
          // A busy machine is no break.
          workflowTaskTimeout: '60 seconds',
        });
        // Of the first run, also where it continues as new.
        const handle = client.workflow.getHandle(started.workflowId, started.firstExecutionRunId);
        await rest(handle, 0);
        for (const step of scenario.steps.slice(0, cut)) {
          await take(handle, step);
          await rest(handle, 0);
        }
        const { events } = await rest(handle, 0);
        if (whereItStands(events) === 'closed') {
          throw new Error(`${scenario.workflowType} has closed before cut ${cut}`);
        }
        return { cut, handle, events, runId: started.firstExecutionRunId };
      }),
    ),
  );
  return withWorker(stage, stage.edit, () =>
    Promise.all(
      began.map(async ({ cut, handle, events, runId }) => ({
        cut,
        history: HistoryMessage.encode({ events }).finish(),
        execution: {
          workflowId: handle.workflowId,
          runId,
          workflowType: scenario.workflowType,
          taskQueue,
          status: 'Running' as const,
          buildIds: [],
        },
        end: await wake(handle, events, scenario.steps.slice(cut), taskQueue),
      })),
    ),
  );
}

async function wake(
  handle: WorkflowHandle,
  before: readonly IHistoryEvent[],
  steps: readonly Step[],
  taskQueue: string,
): Promise<TakeOverEnd> {
  const last = eventIdOf(before.at(-1) ?? {});
  await handle.signal(WAKE);
  // The task that the signal brings, and no more: what the new code does then is another question.
  const first = await untilTaskAnswered(handle, last);
  const failure = first.workflowTaskFailedEventAttributes;
  if (failure != null) {
    return {
      kind: 'breaks',
      cause: String(failure.cause),
      message: failure.failure?.message ?? '',
    };
  }
  if (first.eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT) {
    return { kind: 'breaks', cause: 'timed out', message: 'the workflow task timed out' };
  }
  let stand = await rest(handle, last);
  for (const step of steps) {
    if (stand.failure !== undefined || whereItStands(stand.events) === 'closed') break;
    await take(handle, step);
    stand = await rest(handle, last);
  }
  if (stand.failure !== undefined) return { kind: 'fails-later', message: stand.failure };
  const trace = commandTrace(stand.events, [handle.workflowId, taskQueue]);
  const closed = whereItStands(stand.events) === 'closed';
  return { kind: 'went-on', trace: closed ? trace : [...trace, 'and waits'] };
}

async function take(handle: WorkflowHandle, step: Step): Promise<void> {
  const args = [...step.args];
  switch (step.kind) {
    case 'signal':
      return handle.signal(step.name, ...args);
    case 'update':
      // Refused where the edit has no handler for it; whether it ends, the history shows.
      await handle
        .startUpdate(step.name, { args: args as [unknown], waitForStage: 'ACCEPTED' })
        .catch(() => undefined);
  }
}

/** The event that answers the first workflow task after an event. */
async function untilTaskAnswered(handle: WorkflowHandle, after: number): Promise<IHistoryEvent> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const answer = (await eventsOf(handle)).find(
      (event) => eventIdOf(event) > after && isAnswer(event),
    );
    if (answer !== undefined) return answer;
    await sleep(POLL_MS);
  }
  throw new Error(`${handle.workflowId}: nobody answered its workflow task`);
}

function isAnswer(event: IHistoryEvent): boolean {
  const { eventType, workflowTaskTimedOutEventAttributes: timedOut } = event;
  return (
    eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED ||
    eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED ||
    // Offered to the worker that is gone, and to nobody else: that is no answer.
    (timedOut != null && timedOut.timeoutType !== TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START)
  );
}

/** Waits until the execution has closed, or waits itself, or has failed a workflow task. */
async function rest(
  handle: WorkflowHandle,
  after: number,
): Promise<{ events: IHistoryEvent[]; failure?: string }> {
  let length = 0;
  let grownAt = Date.now();
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const events = await eventsOf(handle);
    const failed = events.find(
      (event) => eventIdOf(event) > after && event.workflowTaskFailedEventAttributes != null,
    );
    const failure = failed?.workflowTaskFailedEventAttributes?.failure?.message;
    if (failed !== undefined) return { events, failure: failure ?? '' };
    if (events.length !== length) grownAt = Date.now();
    ({ length } = events);
    const stand = whereItStands(events);
    if (stand === 'closed' || stand === 'at-rest') return { events };
    if (stand === 'children-only' && Date.now() - grownAt > CHILD_PATIENCE_MS) return { events };
    await sleep(POLL_MS);
  }
  throw new Error(`${handle.workflowId} does not come to rest`);
}

async function eventsOf(handle: WorkflowHandle): Promise<IHistoryEvent[]> {
  return (await handle.fetchHistory()).events ?? [];
}

async function withWorker<T>(stage: Stage, codePath: string, work: () => Promise<T>): Promise<T> {
  const worker = await Worker.create({
    connection: stage.connection,
    taskQueue: stage.taskQueue,
    workflowBundle: { codePath },
    activities,
    // What the last worker had in its cache nobody has any more; the server notices after this long.
    stickyQueueScheduleToStartTimeout: '1 second',
    shutdownGraceTime: 0,
  });
  return worker.runUntil(work());
}
