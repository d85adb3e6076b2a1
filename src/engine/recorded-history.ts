import type { EventDescription } from '../model/finding.js';
import type { Carried } from '../replay/carried.js';

/**
 * A history as the diagnosis sees it, whatever engine recorded it. Each question decodes it again: decoded
 * histories are many times as large, so none is kept.
 */
export interface RecordedHistory {
  /** In the engine's own order. Always the same objects, so that they can be compared by identity. */
  readonly events: readonly RecordedEvent[];
  /** Completed workflow tasks, in order. */
  readonly tasks: readonly CompletedTask[];
  /**
   * Whether history says in which order the code got the results of its local activities. Where it does not, the
   * SDK's release decides.
   */
  readonly ordersLocalActivities: boolean;
  /** The newest release of the SDK that completed a workflow task, where history says it. */
  readonly newestSdkVersion: string | undefined;
  /**
   * The workflow task which left the event, or which the event completes. Without an event, only the build of the
   * last task is told. Undefined where history does not say it.
   */
  taskAt(eventId: number | undefined): TaskCompletion;
  /** Names of the signals that came with the last workflow task that started before an event. */
  signalsBefore(eventId: number): readonly string[];
  /**
   * What the code's command carries, as the server would write it into this history: with its defaults and
   * limits.
   *
   * @param held what history's command carried, for what the server takes from its own configuration
   */
  asTheServerFills(command: string, code: Carried, held: Carried): Carried;
}

export interface RecordedEvent {
  readonly eventId: number;
  /** In the engine's own words. */
  readonly description: EventDescription;
  /** The command that left it; undefined for events that no line of code issued on its own. */
  readonly command: HistoryCommand | undefined;
  /** What that command carried; undefined where it carries nothing that is compared. */
  readonly carried: Carried | undefined;
  /** The signal that came, or the update that was accepted. */
  readonly received: Received | undefined;
}

/** The name is untrusted. */
export interface Received {
  readonly kind: 'signal' | 'update';
  readonly name: string;
}

/** The completion of a workflow task, as far as history says it. */
export interface TaskCompletion {
  readonly buildId?: string;
  /** RFC 3339. */
  readonly completedTime?: string;
  /** Whether the commands of the task close the execution. */
  readonly closes?: true;
}

/** A workflow task, with the commands that its completion left. */
export interface CompletedTask {
  /** Event ID of its start: the `historyLength` of the commands that code issues in it. */
  readonly startedEventId: number;
  readonly commands: readonly HistoryCommand[];
}

/** A command that history holds, in the same words as a recorded one. */
export interface HistoryCommand {
  /** As in the replayer protocol, for example `ScheduleActivityTask`. */
  readonly command: string;
  readonly name: string;
  readonly id?: string;
  readonly event: RecordedEvent;
  /** True where the SDK accepts that the code does not issue it (a deprecated patch marker). */
  readonly optional: boolean;
  /** True where the SDK accepts that for every such marker: it does not tell whether the code should ask for it. */
  readonly isVersion?: true;
  /**
   * When the call writes this event; absent: at once, each time. A local activity does so when it has ended, or each
   * time that it is tried; a mutable side effect only when its value has changed.
   */
  readonly writes?: 'when-ended' | 'when-tried' | 'what-changed';
}
