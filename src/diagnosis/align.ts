import type { HistoryCommand, RecordedHistory } from '../engine/recorded-history.js';
import type { RecordedCommand } from '../replay/protocol.js';
import { agree, agreeAsPassed } from './agree.js';
import { isLocalActivity, OpenCalls } from './open-calls.js';

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
  /** Whether the code called local activities side by side. */
  readonly ranSideBySide: boolean;
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
 * `historyLength` is the event ID of its task's start), then by order within the task. Local activities are found by
 * their markers, wherever these stand.
 *
 * It explains the SDK's outcome and never decides one.
 */
export function layBeside(
  history: RecordedHistory,
  recorded: readonly RecordedCommand[],
): Alignment {
  return new Walk(history, recorded, false).alignment();
}

/** The same for a replay that passed: what the SDK took for one command is a pair. */
export function layPassedBeside(
  history: RecordedHistory,
  recorded: readonly RecordedCommand[],
): Alignment {
  return new Walk(history, recorded, true).alignment();
}

/** The first place where both diverge, or undefined. */
export function align(
  history: RecordedHistory,
  recorded: readonly RecordedCommand[],
): Mismatch | undefined {
  return layBeside(history, recorded).mismatch;
}

/** Goes through a history and a recording side by side, task by task, to the first place where they differ. */
class Walk {
  private readonly tasks: RecordedHistory['tasks'];
  private readonly commands: readonly RecordedCommand[];
  private readonly byTask: ReadonlyMap<number, readonly RecordedCommand[]>;
  private readonly passed: boolean;
  private readonly pairs: Pair[] = [];
  private readonly calls = new OpenCalls();
  /** Patches that the SDK wants at their place. */
  private readonly strictPatches: ReadonlySet<string>;
  /** Mutable side effects that have a value: a further call writes a marker only for another value. */
  private readonly valued = new Set<string>();

  constructor(
    { tasks }: RecordedHistory,
    recorded: readonly RecordedCommand[],
    /** Whether the SDK found no difference. */
    passed: boolean,
  ) {
    this.tasks = tasks;
    this.passed = passed;
    this.commands = recorded.filter(reachesHistory);
    this.byTask = byTask(this.commands);
    this.strictPatches = new Set(
      tasks.flatMap(({ commands }) =>
        commands.filter((one) => isPatch(one) && !one.optional).map(({ name }) => name),
      ),
    );
  }

  alignment(): Alignment {
    for (const index of this.tasks.keys()) {
      const found = this.mismatchIn(index);
      if (found !== undefined) {
        return { pairs: this.pairs, ranSideBySide: this.calls.ranSideBySide, ...found };
      }
    }
    return {
      pairs: this.pairs,
      ranSideBySide: this.calls.ranSideBySide,
      mismatch: undefined,
      remainder: NOTHING,
    };
  }

  private mismatchIn(index: number): Pick<Alignment, 'mismatch' | 'remainder'> | undefined {
    const { startedEventId, commands } = this.tasks[index] ?? { startedEventId: 0, commands: [] };
    const issued = this.byTask.get(startedEventId) ?? [];
    let at = 0;
    for (const [position, expected] of commands.entries()) {
      at = this.passOver(issued, at, expected);
      if (this.isPair(expected, issued[at])) {
        at += isLocalActivity(expected) ? 0 : 1;
        continue;
      }
      if (expected.optional || (this.passed && expected.writes === 'what-changed')) continue;
      // If the code waits for a local activity that never ran, it issues nothing else. It diverges at that activity.
      const unended = this.calls.firstWithoutMarker(startedEventId, this.toCome(index, position));
      const instead = isLocalActivity(expected)
        ? (unended ?? issued[at] ?? this.calls.firstIn(startedEventId))
        : (issued[at] ?? unended);
      // If the code has not asked for the version before history's command, it diverges at that version.
      const before = commands[position - 1];
      const isUnasked = before?.isVersion === true && this.pairs.at(-1)?.expected !== before;
      const [divergesAt, from] = isUnasked ? [before, position - 1] : [expected, position];
      const lastAgreeing = this.pairs.at(-1)?.issued;
      return {
        mismatch:
          instead === undefined
            ? { kind: 'missing', expected: divergesAt, lastAgreeing }
            : { kind: 'differs', expected: divergesAt, issued: instead, lastAgreeing },
        remainder: {
          expected: this.toCome(index, from),
          expectedInTask: commands.length - from,
          issued: [
            ...(instead === undefined || instead === issued[at] ? [] : [instead]),
            ...issued.slice(at),
          ],
        },
      };
    }
    at = this.passOver(issued, at, undefined);
    const extra = issued[at] ?? this.waitedForAtTheEnd(index);
    if (extra === undefined) return undefined;
    const next = this.toCome(index, commands.length);
    return {
      mismatch: {
        kind: 'extra',
        issued: extra,
        taskStartedEventId: startedEventId,
        next: next[0],
        lastAgreeing: this.pairs.at(-1)?.issued,
      },
      remainder: {
        expected: next,
        expectedInTask: 0,
        issued: [...(extra === issued[at] ? [] : [extra]), ...issued.slice(at)],
      },
    };
  }

  /** History's commands from this one on, of this task and of all later ones. */
  private toCome(index: number, position: number): readonly HistoryCommand[] {
    const [task, ...later] = this.tasks.slice(index);
    return [
      ...(task?.commands.slice(position) ?? []),
      ...later.flatMap(({ commands }) => commands),
    ];
  }

  /** Passes over what history holds elsewhere, or need not hold. */
  private passOver(
    issued: readonly RecordedCommand[],
    from: number,
    expected: HistoryCommand | undefined,
  ): number {
    let at = from;
    for (let command = issued[at]; command !== undefined; command = issued[at]) {
      if (isLocalActivity(command)) this.calls.add(command);
      else if (!this.isLoose(command, expected)) break;
      at += 1;
    }
    return at;
  }

  private isLoose(issued: RecordedCommand, expected: HistoryCommand | undefined): boolean {
    if (expected?.command === issued.command && expected.name === issued.name) return false;
    // `deprecatePatch` issues a marker that history need not hold.
    if (isPatch(issued)) return this.passed || !this.strictPatches.has(issued.name);
    return (
      this.valued.has(issued.name) ||
      (this.passed && issued.command === 'RecordMarker' && issued.name !== 'SideEffect')
    );
  }

  private isPair(expected: HistoryCommand, next: RecordedCommand | undefined): boolean {
    const issued = isLocalActivity(expected) ? this.calls.take(expected, this.passed) : next;
    if (issued === undefined) return false;
    const isSame = this.passed ? agreeAsPassed : agree;
    if (!isLocalActivity(expected) && !isSame(expected, issued)) return false;
    this.pairs.push({ expected, issued });
    if (expected.writes === 'what-changed') this.valued.add(expected.name);
    return true;
  }

  /** A local activity that history has no marker of, and behind which the code did nothing more. */
  private waitedForAtTheEnd(index: number): RecordedCommand | undefined {
    const last = this.commands.at(-1);
    const startedEventId = this.tasks[index]?.startedEventId;
    if (last === undefined || !isLocalActivity(last) || last.historyLength !== startedEventId) {
      return undefined;
    }
    const unended = this.calls.firstWithoutMarker(startedEventId, this.toCome(index + 1, 0));
    return unended === last ? unended : undefined;
  }
}

function byTask(commands: readonly RecordedCommand[]): Map<number, RecordedCommand[]> {
  const tasks = new Map<number, RecordedCommand[]>();
  for (const command of commands) {
    const list = tasks.get(command.historyLength);
    if (list === undefined) tasks.set(command.historyLength, [command]);
    else list.push(command);
  }
  return tasks;
}

/** Withdrawn commands and rejected updates leave no event. */
function reachesHistory(command: RecordedCommand): boolean {
  if (command.elided === true) return false;
  return !(command.command === 'UpdateResponse' && command.name === 'rejected');
}

function isPatch({ command }: { readonly command: string }): boolean {
  return command === 'SetPatchMarker';
}
