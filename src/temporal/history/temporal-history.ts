import type {
  CompletedTask,
  HistoryCommand,
  Received,
  RecordedEvent,
  RecordedHistory,
  TaskCompletion,
} from '../../engine/recorded-history.js';
import type { EventDescription } from '../../model/finding.js';
import type { Carried } from '../../replay/carried.js';
import { asTheServerFills, runLimits, type RunLimits } from './as-the-server-fills.js';
import { carriedByEvent } from './carried-by-event.js';
import { describeEvent, historyCommand, updateNameOf } from './command-events.js';
import { ordersLocalActivities } from './local-activities.js';
import { newestSdkVersion } from './prepare-history.js';
import { EventType, eventIdOf, HistoryMessage, type IHistoryEvent } from './proto.js';
import { taskCompletionAt } from './task-completion.js';

/** An Event History for the diagnosis. It works out answers that are rarely needed only when somebody asks. */
export class TemporalHistory implements RecordedHistory {
  readonly events: readonly TemporalEvent[];
  private readonly recorded: readonly IHistoryEvent[];
  private knownTasks: readonly CompletedTask[] | undefined;
  private knownLimits: RunLimits | undefined;

  /** @param bytes a binary `temporal.api.history.v1.History` */
  static of(bytes: Uint8Array): TemporalHistory {
    return new TemporalHistory(HistoryMessage.decode(bytes).events);
  }

  constructor(recorded: readonly IHistoryEvent[]) {
    this.recorded = recorded;
    this.events = recorded.map((event) => new TemporalEvent(event));
  }

  get tasks(): readonly CompletedTask[] {
    return (this.knownTasks ??= completedTasks(this.events));
  }

  get ordersLocalActivities(): boolean {
    return ordersLocalActivities(this.recorded);
  }

  get newestSdkVersion(): string | undefined {
    return newestSdkVersion(this.recorded);
  }

  taskAt(eventId: number | undefined): TaskCompletion {
    return taskCompletionAt(this.recorded, eventId);
  }

  signalsBefore(eventId: number): readonly string[] {
    let brought: string[] = [];
    let coming: string[] = [];
    for (const event of this.events) {
      if (event.eventId >= eventId) break;
      const { received } = event;
      if (received?.kind === 'signal' && received.name !== '') coming.push(received.name);
      // A signal that arrives while a worker handles a task belongs to the next task.
      if (event.recorded.eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED) {
        brought = coming;
        coming = [];
      }
    }
    return brought;
  }

  asTheServerFills(command: string, code: Carried, held: Carried): Carried {
    this.knownLimits ??= runLimits(this.recorded);
    return asTheServerFills(command, code, held, this.knownLimits);
  }
}

class TemporalEvent implements RecordedEvent {
  readonly recorded: IHistoryEvent;

  constructor(recorded: IHistoryEvent) {
    this.recorded = recorded;
  }

  get eventId(): number {
    return eventIdOf(this.recorded);
  }

  get description(): EventDescription {
    return describeEvent(this.recorded);
  }

  get command(): HistoryCommand | undefined {
    const command = historyCommand(this.recorded);
    return command === undefined ? undefined : { ...command, event: this };
  }

  get carried(): Carried | undefined {
    return carriedByEvent(this.recorded);
  }

  get received(): Received | undefined {
    const signal = this.recorded.workflowExecutionSignaledEventAttributes?.signalName;
    if (signal != null) return { kind: 'signal', name: signal };
    const update = updateNameOf(this.recorded);
    return update === undefined ? undefined : { kind: 'update', name: update };
  }
}

function completedTasks(events: readonly TemporalEvent[]): CompletedTask[] {
  const tasks: { startedEventId: number; commands: HistoryCommand[] }[] = [];
  let lastStarted = 0;
  for (const event of events) {
    if (event.recorded.eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED) {
      lastStarted = event.eventId;
    }
    if (event.recorded.eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED) {
      const started = event.recorded.workflowTaskCompletedEventAttributes?.startedEventId;
      // The in-memory test server leaves it out.
      tasks.push({ startedEventId: Number(started ?? 0) || lastStarted, commands: [] });
      continue;
    }
    const { command } = event;
    if (command !== undefined) tasks.at(-1)?.commands.push(command);
  }
  return tasks;
}
