import type { Client, WorkflowHandle } from '@temporalio/client';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  EventType,
  eventIdOf,
  HistoryMessage,
  type IHistoryEvent,
} from '../../../src/temporal/history/proto.js';
import type { Execution } from '../../../src/model/execution.js';
import type { RunningWorker } from '../languages/language.js';
import type { Scenario, Step } from '../scenarios.js';
import { whereItStands } from './at-rest.js';
import { commandTrace } from './command-trace.js';

/** An execution with its history, binary: what the gate gets. */
export interface Recorded {
  readonly execution: Execution;
  readonly history: Uint8Array;
}

/** One execution that a worker with the base began and a worker with the edit took over. */
export interface TakeOver extends Recorded {
  readonly cut: number;
  readonly end: TakeOverEnd;
}

export type TakeOverEnd =
  /** The first workflow task of the edit's worker failed: it cannot take over. */
  | { readonly kind: 'breaks'; readonly cause: string; readonly message: string }
  /** It took over, and a later workflow task failed: no history before it can show that. */
  | { readonly kind: 'fails-later'; readonly message: string }
  /** What the execution did from start to end; with its history where it has closed. */
  | {
      readonly kind: 'went-on';
      readonly trace: readonly string[];
      readonly closed?: Recorded;
    };

export interface Stage {
  readonly client: Client;
  /** Unique: everything of this take-over happens in it. */
  readonly taskQueue: string;
  /** Starts a worker of that task queue. */
  readonly startWorker: (which: 'base' | 'edit') => Promise<RunningWorker>;
  /** Fields of events that differ between two runs of the same code, besides those of every language. */
  readonly passing: readonly string[];
}

/** A signal that no workflow handles: it brings a workflow task and changes nothing. */
const WAKE = 'wakeUp';

/** Milliseconds that an execution may take until it rests. */
const PATIENCE_MS = 240_000;

/** Milliseconds without an event after which a child that is open counts as waiting for ever. */
const CHILD_PATIENCE_MS = 2_000;

/** Each look reads the whole history: short enough not to be waited for, long enough for many at a time. */
const POLL_MS = 150;

/**
 * Starts an execution for each cut, brings it there on a worker with the base, and has a worker with the
 * edit take the same task queue. That worker is fresh: it replays each execution from its first event.
 */
export async function takeOver(scenario: Scenario, stage: Stage): Promise<TakeOver[]> {
  const { client, taskQueue, passing } = stage;
  const began = await withWorker(stage, 'base', () =>
    Promise.all(
      scenario.cuts.map(async (cut) => {
        const started = await client.workflow.start(scenario.workflowType, {
          workflowId: `${taskQueue}-${cut}`,
          taskQueue,
          args: [...scenario.args],
          workflowTaskTimeout: '20 seconds',
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
  return withWorker(stage, 'edit', () =>
    Promise.all(
      began.map(async ({ cut, handle, events, runId }) => {
        const execution: Execution = {
          workflowId: handle.workflowId,
          runId,
          workflowType: scenario.workflowType,
          taskQueue,
          status: 'Running',
          buildIds: [],
        };
        return {
          cut,
          history: HistoryMessage.encode({ events }).finish(),
          execution,
          end: await wake(handle, events, scenario.steps.slice(cut), execution, passing),
        };
      }),
    ),
  );
}

async function wake(
  handle: WorkflowHandle,
  before: readonly IHistoryEvent[],
  steps: readonly Step[],
  execution: Execution,
  passing: readonly string[],
): Promise<TakeOverEnd> {
  const last = eventIdOf(before.at(-1) ?? {});
  const baseWorkers = identitiesIn(before);
  await handle.signal(WAKE);
  // The task that the signal brings, and no more: what the new code does then is another question.
  const first = await untilTaskAnswered(handle, last, baseWorkers);
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
  const { events } = stand;
  const own = [execution.workflowId, execution.taskQueue, execution.runId];
  const trace = commandTrace(events, own, passing);
  if (whereItStands(events) !== 'closed') {
    return { kind: 'went-on', trace: [...trace, 'and waits'] };
  }
  const history = HistoryMessage.encode({ events }).finish();
  return {
    kind: 'went-on',
    trace,
    closed: { execution: { ...execution, status: 'Completed' }, history },
  };
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
async function untilTaskAnswered(
  handle: WorkflowHandle,
  after: number,
  baseWorkers: ReadonlySet<string>,
): Promise<IHistoryEvent> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const events = await eventsOf(handle);
    const answer = events.find(
      (event) => eventIdOf(event) > after && isAnswer(event, events, baseWorkers),
    );
    if (answer !== undefined) return answer;
    await sleep(POLL_MS);
  }
  throw new Error(`${handle.workflowId}: nobody answered its workflow task`);
}

/** A busy machine loses a task now and then: one that is no break is answered when it comes again. */
const TIME_OUTS_THAT_ANSWER = 2;

function isAnswer(
  event: IHistoryEvent,
  events: readonly IHistoryEvent[],
  baseWorkers: ReadonlySet<string>,
): boolean {
  const { eventType } = event;
  if (eventType !== EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT) {
    return (
      eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED ||
      eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
    );
  }
  const until = events.slice(0, events.indexOf(event) + 1);
  const timeOuts = until.filter((one) => hasTimedOutWithTheEdit(one, events, baseWorkers));
  return timeOuts.length >= TIME_OUTS_THAT_ANSWER && timeOuts.includes(event);
}

/** Not one that was offered to the worker that is gone, or taken by it on its way out. */
function hasTimedOutWithTheEdit(
  { workflowTaskTimedOutEventAttributes: timedOut }: IHistoryEvent,
  events: readonly IHistoryEvent[],
  baseWorkers: ReadonlySet<string>,
): boolean {
  if (timedOut == null) return false;
  const started = events.find(({ eventId }) => String(eventId) === String(timedOut.startedEventId));
  const identity = started?.workflowTaskStartedEventAttributes?.identity;
  return identity != null && !baseWorkers.has(identity);
}

/** Workers that have started tasks of an execution. */
function identitiesIn(events: readonly IHistoryEvent[]): ReadonlySet<string> {
  return new Set(
    events.flatMap(({ workflowTaskStartedEventAttributes: started }) => started?.identity ?? []),
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

async function withWorker<T>(
  stage: Stage,
  which: 'base' | 'edit',
  work: () => Promise<T>,
): Promise<T> {
  const worker = await stage.startWorker(which);
  const gone = worker.ended.then(() => {
    throw new Error(`the worker with the ${which} ended`);
  });
  gone.catch(() => undefined);
  try {
    return await Promise.race([work(), gone]);
  } finally {
    await worker.stop();
  }
}
