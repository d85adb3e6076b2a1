import type { HistoryCommand } from '../engine/recorded-history.js';
import type { RecordedCommand } from '../replay/protocol.js';

/** Cancelling a child is recorded as the request to cancel an external workflow. */
const SAME_COMMAND: Readonly<Record<string, string>> = {
  CancelChildWorkflowExecution: 'RequestCancelExternalWorkflowExecution',
};

/** Commands whose identifiers the SDK compares. Other commands have numbers, which shift with each edit. */
const IDENTIFIED: ReadonlySet<string> = new Set([
  'ScheduleActivityTask',
  'StartChildWorkflowExecution',
]);

/** Whether the command is the one that history holds. */
export function agree(expected: HistoryCommand, issued: RecordedCommand): boolean {
  if (expected.command !== (SAME_COMMAND[issued.command] ?? issued.command)) return false;
  if (expected.name !== '' && issued.name !== '' && expected.name !== issued.name) return false;
  if (!IDENTIFIED.has(expected.command)) return true;
  if (expected.id === undefined || issued.id === undefined) return true;
  return issued.id === '' ? SDK_ID.test(expected.id) : expected.id === issued.id;
}

/** What SDKs give where the code gives no ID: a number, a UUID, or both. */
const SDK_ID = /^(?:\d+|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?:_\d+)?)$/iu;

/** Commands whose names some SDKs do not compare. If the replay passes, another name does not mean another command. */
const LOOSELY_NAMED: ReadonlySet<string> = new Set([
  'SignalExternalWorkflowExecution',
  'ContinueAsNewWorkflowExecution',
  'ScheduleNexusOperation',
]);

/** The same for a replay that passed. Histories without flags of an SDK are replayed without a look at types. */
export function agreeAsPassed(expected: HistoryCommand, issued: RecordedCommand): boolean {
  const isLoose =
    LOOSELY_NAMED.has(expected.command) ||
    (IDENTIFIED.has(expected.command) && expected.id !== undefined && expected.id === issued.id);
  return agree(isLoose ? { ...expected, name: '' } : expected, issued);
}
