import type { HistoryCommand } from '../engine/recorded-history.js';
import type { RecordedCommand } from '../replay/protocol.js';
import { agree } from './agree.js';
import { isSame, type Named } from './named-in-source.js';
import { namedTimer } from './timers.js';

/** Commands that end a run. */
export const ENDINGS: ReadonlySet<string> = new Set([
  'CompleteWorkflowExecution',
  'FailWorkflowExecution',
  'CancelWorkflowExecution',
  'ContinueAsNewWorkflowExecution',
]);

const MARKED: ReadonlySet<string> = new Set([
  'RecordMarker',
  'ScheduleLocalActivity',
  'SetPatchMarker',
]);

export function withoutId({ id: _, ...command }: HistoryCommand): HistoryCommand {
  return command;
}

/** Commands that history holds by a marker. */
export function isMarked({ command }: Named): boolean {
  return MARKED.has(command);
}

export function isPatch({ command }: Pick<Named, 'command'>): boolean {
  return command === 'SetPatchMarker';
}

export function isNoPatch(command: Pick<Named, 'command'>): boolean {
  return !isPatch(command);
}
/** Whether both are the same command, whatever their IDs are. */
export function isSameAs(expected: HistoryCommand, issued: RecordedCommand): boolean {
  return agree(withoutId(expected), issued) && isSame(namedTimer(expected), namedTimer(issued));
}
