import type { HistoryCommand, RecordedHistory } from '../engine/recorded-history.js';
import type { RecordedCommand } from '../replay/protocol.js';

/** The first place where the code's commands diverge from history's. */
export type Mismatch =
  | {
      readonly kind: 'differs';
      readonly expected: HistoryCommand;
      readonly issued: RecordedCommand;
      readonly lastAgreeing: RecordedCommand | undefined;
    }
  | {
      readonly kind: 'missing';
      readonly expected: HistoryCommand;
      readonly lastAgreeing: RecordedCommand | undefined;
    }
  | {
      readonly kind: 'extra';
      readonly issued: RecordedCommand;
      readonly taskStartedEventId: number;
      /** The next command that history holds, in a later task. */
      readonly next: HistoryCommand | undefined;
      readonly lastAgreeing: RecordedCommand | undefined;
    };

/** An event of history and the command that the code issued for it. */
export interface Pair {
  readonly expected: HistoryCommand;
  readonly issued: RecordedCommand;
}

export interface Alignment {
  /** The pairs on which history and code agree, in order. */
  readonly pairs: readonly Pair[];
  /** Undefined when both agree as far as the record goes. */
  readonly mismatch: Mismatch | undefined;
  /** The commands of both sides from the mismatch on. */
  readonly remainder: Remainder;
}

export interface Remainder {
  /** History's commands, of this task and of all later ones. */
  readonly expected: readonly HistoryCommand[];
  /** How many of `expected` belong to the task of the mismatch. */
  readonly expectedInTask: number;
  /** The code's commands in the task of the mismatch; a replay that diverged goes no further. */
  readonly issued: readonly RecordedCommand[];
}

const NOTHING: Remainder = { expected: [], expectedInTask: 0, issued: [] };

/**
 * Aligns the recorded commands with history's command events: first by workflow task (a command's
 * `historyLength` is the event ID of its task's start), then by order within the task.
 *
 * It explains the SDK's outcome and never decides one.
 *
 * @param isSame whether a command is the one that history holds
 */
export function layBeside(
  history: RecordedHistory,
  recorded: readonly RecordedCommand[],
  isSame: typeof agree = agree,
): Alignment {
  const { tasks } = history;
  const issuedByTask = new Map<number, RecordedCommand[]>();
  for (const command of recorded) {
    if (!reachesHistory(command)) continue;
    const list = issuedByTask.get(command.historyLength);
    if (list === undefined) issuedByTask.set(command.historyLength, [command]);
    else list.push(command);
  }
  const pairs: Pair[] = [];
  for (const [index, task] of tasks.entries()) {
    const issued = issuedByTask.get(task.startedEventId) ?? [];
    let at = 0;
    const until = (mismatch: Mismatch, from: number): Alignment => ({
      pairs,
      mismatch,
      remainder: {
        expected: [
          ...task.commands.slice(from),
          ...tasks.slice(index + 1).flatMap((later) => later.commands),
        ],
        expectedInTask: task.commands.length - from,
        issued: issued.slice(at),
      },
    });
    for (const [position, expected] of task.commands.entries()) {
      // `deprecatePatch` issues a marker that history need not hold.
      while (isLoosePatch(issued[at], expected)) at += 1;
      const command = issued[at];
      if (command !== undefined && isSame(expected, command)) {
        pairs.push({ expected, issued: command });
        at += 1;
        continue;
      }
      if (expected.optional) continue;
      const lastAgreeing = pairs.at(-1)?.issued;
      // If the code waits for a local activity that never ran, it issues nothing else. It diverges at that activity.
      const instead = command ?? newLocalActivity(history, recorded, task.startedEventId);
      if (command === undefined && instead !== undefined) issued.push(instead);
      // If the code has not asked for the version before history's command, it diverges at that version.
      const before = task.commands[position - 1];
      const isUnasked = before?.isVersion === true && pairs.at(-1)?.expected !== before;
      const [divergesAt, from] = isUnasked ? [before, position - 1] : [expected, position];
      return until(
        instead === undefined
          ? { kind: 'missing', expected: divergesAt, lastAgreeing }
          : { kind: 'differs', expected: divergesAt, issued: instead, lastAgreeing },
        from,
      );
    }
    while (isLoosePatch(issued[at], undefined)) at += 1;
    const extra = issued[at];
    if (extra !== undefined) {
      return until(
        {
          kind: 'extra',
          issued: extra,
          taskStartedEventId: task.startedEventId,
          next: tasks.slice(index + 1).find((later) => later.commands.length > 0)?.commands[0],
          lastAgreeing: pairs.at(-1)?.issued,
        },
        task.commands.length,
      );
    }
  }
  return { pairs, mismatch: undefined, remainder: NOTHING };
}

/** The first place where both diverge, or undefined. */
export function align(
  history: RecordedHistory,
  recorded: readonly RecordedCommand[],
): Mismatch | undefined {
  return layBeside(history, recorded).mismatch;
}

/** Withdrawn commands, local activities and rejected updates leave no event of their own in order. */
function reachesHistory(command: RecordedCommand): boolean {
  if (command.elided === true) return false;
  if (command.command === 'ScheduleLocalActivity') return false;
  return !(command.command === 'UpdateResponse' && command.name === 'rejected');
}

/** The first local activity in this task without a result in history. */
function newLocalActivity(
  { localActivityResults }: RecordedHistory,
  recorded: readonly RecordedCommand[],
  taskStartedEventId: number,
): RecordedCommand | undefined {
  const results = new Map<string, number>();
  for (const type of localActivityResults) {
    // If one result does not name its activity, nothing tells which activity has no result.
    if (type === '') return undefined;
    results.set(type, (results.get(type) ?? 0) + 1);
  }
  return recorded.find((command) => {
    if (command.command !== 'ScheduleLocalActivity') return false;
    const left = results.get(command.name) ?? 0;
    results.set(command.name, left - 1);
    return left <= 0 && command.historyLength === taskStartedEventId;
  });
}

function isLoosePatch(
  issued: RecordedCommand | undefined,
  expected: HistoryCommand | undefined,
): boolean {
  return (
    issued?.command === 'SetPatchMarker' &&
    !(expected?.command === 'SetPatchMarker' && expected.name === issued.name)
  );
}

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
  return !(
    IDENTIFIED.has(expected.command) &&
    expected.id !== undefined &&
    issued.id !== undefined &&
    expected.id !== issued.id
  );
}

/** Commands whose names some SDKs do not compare. If the replay passes, another name does not mean another command. */
const LOOSELY_NAMED: ReadonlySet<string> = new Set([
  'SignalExternalWorkflowExecution',
  'ContinueAsNewWorkflowExecution',
]);

/** The same for a replay that passed. */
export function agreeAsPassed(expected: HistoryCommand, issued: RecordedCommand): boolean {
  return agree(LOOSELY_NAMED.has(expected.command) ? { ...expected, name: '' } : expected, issued);
}
