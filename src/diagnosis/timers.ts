import type { HistoryCommand, RecordedHistory } from '../engine/recorded-history.js';
import type { RecordedCommand } from '../replay/protocol.js';
import type { Alignment } from './align.js';
import { taskHolding } from './mismatch-in-history.js';
import { isSame, type Named } from './named-in-source.js';

/** A command with what tells it apart from others of its name: a timer's length. */
export function namedTimer(command: HistoryCommand | RecordedCommand): Named {
  const { command: kind, name } = command;
  const carried = 'event' in command ? command.event.carried : command.carries;
  const length = carried?.values['startToFireTimeout'];
  return typeof length === 'number' ? { command: kind, name, length } : { command: kind, name };
}

/**
 * Timers have no names, and a length may change at any time, so the SDK takes any timer for any other. A timer that was
 * added or removed then shows only where the timers run out. Where the lengths of all that follows say that one side
 * is one command ahead, the two diverge there.
 */
export function byTimerLengths(history: RecordedHistory, alignment: Alignment): Alignment {
  const { pairs, mismatch, remainder } = alignment;
  if (mismatch === undefined) return alignment;
  const held = [...pairs.map(({ expected }) => expected), ...remainder.expected];
  const issued = [...pairs.map((pair) => pair.issued), ...remainder.issued];
  const at = pairs.findIndex((pair) => !isSame(namedTimer(pair.expected), namedTimer(pair.issued)));
  const [expected, first] = [held[at], issued[at]];
  if (expected === undefined || first === undefined) return alignment;
  const isShifted =
    areTheSame(held.slice(at), issued.slice(at + 1)) ||
    areTheSame(held.slice(at + 1), issued.slice(at));
  if (!isShifted) return alignment;
  const task = taskHolding(expected, history);
  const inTask = task === undefined ? 1 : task.commands.length - task.commands.indexOf(expected);
  return {
    ...alignment,
    pairs: pairs.slice(0, at),
    mismatch: {
      kind: 'differs',
      expected,
      issued: first,
      lastAgreeing: pairs[at - 1]?.issued,
    },
    remainder: { expected: held.slice(at), expectedInTask: inTask, issued: issued.slice(at) },
  };
}

/** Whether two sequences are the same as far as both go, and one timer at least is so by its length. */
function areTheSame(held: readonly HistoryCommand[], issued: readonly RecordedCommand[]): boolean {
  const both = issued.slice(0, held.length).map((command, index) => {
    const expected = held[index];
    return {
      one: namedTimer(command),
      other: expected === undefined ? undefined : namedTimer(expected),
    };
  });
  return (
    both.every(({ one, other }) => other !== undefined && isSame(one, other)) &&
    both.some(({ one, other }) => one.length !== undefined && one.length === other?.length)
  );
}
