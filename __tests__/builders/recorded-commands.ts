import type { RecordedCommand } from '../../src/replay/protocol.js';

/** Commands that the code under test issued in the workflow task which started at one event ID. */
export class IssuedCommands {
  readonly list: RecordedCommand[] = [];

  /** @param startedEventId event ID of the workflow task's start: 3, then 9 or more */
  in(startedEventId: number, ...commands: Omit<RecordedCommand, 'historyLength'>[]): this {
    for (const command of commands) this.list.push({ ...command, historyLength: startedEventId });
    return this;
  }
}

type Issued = Omit<RecordedCommand, 'historyLength'>;

export function activity(name: string, frame: Partial<Issued> = {}): Issued {
  return { command: 'ScheduleActivityTask', name, ...frame };
}

export function timer(frame: Partial<Issued> = {}): Issued {
  return { command: 'StartTimer', name: '', ...frame };
}

export function issued(command: string, name = '', frame: Partial<Issued> = {}): Issued {
  return { command, name, ...frame };
}

export function local(name: string, frame: Partial<Issued> = {}): Issued {
  return { command: 'ScheduleLocalActivity', name, ...frame };
}

/** A call of a mutable side effect, whether its value has changed or not. */
export function mutable(id: string, frame: Partial<Issued> = {}): Issued {
  return { command: 'RecordMarker', name: `MutableSideEffect ${id}`, ...frame };
}
