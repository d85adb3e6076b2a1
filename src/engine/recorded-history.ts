import type { EventDescription } from '../model/finding.js';
import type { Carried } from '../replay/carried.js';
import type { RecordedCommand } from '../replay/protocol.js';

/**
 * A history as the diagnosis sees it, whatever engine recorded it. Each question decodes it again: decoded
 * histories are many times as large, so none is kept.
 */
export interface RecordedHistory {
  /** In the engine's own order. Always the same objects, so that they can be compared by identity. */
  readonly events: readonly RecordedEvent[];
  /** Completed workflow tasks, in order. */
  readonly tasks: readonly CompletedTask[];
  /** Activity type of each local activity's result; empty where history does not say it. */
  readonly localActivityResults: readonly string[];
  /** The newest release of the SDK that completed a workflow task, where history says it. */
  readonly newestSdkVersion: string | undefined;
  /**
   * The build that completed the workflow task which left the event, or which the event completes. Without an
   * event, the build of the last task. Undefined where history does not say it.
   */
  buildOfTaskAt(eventId: number | undefined): string | undefined;
  /** Names of the signals that came with the last workflow task that started before an event. */
  signalsBefore(eventId: number): readonly string[];
  /** Local activities by their results, where the results hold the arguments. */
  localActivityPairs(commands: readonly RecordedCommand[]): readonly LocalActivityPair[];
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
}

/** A local activity's result in history, and the first call of it by the code. */
export interface LocalActivityPair {
  readonly eventId: number;
  readonly carried: Carried | undefined;
  readonly issued: RecordedCommand;
}
