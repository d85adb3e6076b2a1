import type { RecordedCommand, ResultMessage } from '../replay/protocol.js';

/** What several replays of one history do differently. */
export interface Chance {
  /** The replay that is shown: one that breaks, where one does. It does not depend on the order of the replays. */
  readonly shown: ResultMessage;
  /** A command at which the replays part; absent where they issue the same and end otherwise. */
  readonly partsAt?: RecordedCommand;
}

/**
 * Whether replays of one history do the same.
 *
 * @param results of replays. One that was not recorded tells only how it ended
 * @returns undefined where they do, or where fewer than two tell anything
 */
export function chanceIn(results: readonly ResultMessage[]): Chance | undefined {
  const telling = results.filter(tells).map((result) => ({
    result,
    steps: result.commands?.map(wordsOf) ?? [],
  }));
  const recorded = telling.filter(({ result }) => result.commands !== undefined);
  const [first] = recorded;
  if (first === undefined) return undefined;
  const parted = firstDifference(recorded.map(({ steps }) => steps));
  const ends = new Set(telling.map(({ result }) => result.outcome));
  if (parted === Infinity && ends.size === 1) return undefined;
  const sorted = recorded.sort(
    (a, b) =>
      RANKS.indexOf(a.result.outcome) - RANKS.indexOf(b.result.outcome) ||
      // Where one goes on and another stops, the line is that of the command.
      Number(parted in b.steps) - Number(parted in a.steps) ||
      compare(a.steps.join('\n'), b.steps.join('\n')),
  );
  const partsAt = sorted.map(({ result }) => result.commands?.[parted]).find((one) => one);
  return {
    shown: (sorted[0] ?? first).result,
    ...(partsAt === undefined ? {} : { partsAt }),
  };
}

const RANKS: readonly ResultMessage['outcome'][] = ['nondeterministic', 'task-failed', 'passed'];

/** A busy machine alone makes the SDK say this. */
const TOO_SLOW = /\bTMPRL1101\b|deadlock detected/iu;

function tells({ outcome, message = '' }: ResultMessage): boolean {
  return RANKS.includes(outcome) && !TOO_SLOW.test(message);
}

/** The position of the first step that not all have; `Infinity` where there is none. */
function firstDifference(lists: readonly (readonly string[])[]): number {
  const longest = Math.max(...lists.map(({ length }) => length));
  for (let at = 0; at < longest; at += 1) {
    if (new Set(lists.map((list) => list[at])).size > 1) return at;
  }
  return Infinity;
}

/** What makes two commands the same. Their lines and what they carry do not count. */
function wordsOf({ command, name, id, historyLength, elided }: RecordedCommand): string {
  return JSON.stringify([command, name, id, historyLength, elided]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/**
 * The fields of commands whose content replays of one history encode otherwise, although they issue the same
 * commands: a set as a list, for example. Each by its line, its command and its name.
 */
export function looseFields(results: readonly ResultMessage[]): Set<string> {
  const loose = new Set<string>();
  const telling = results.filter((one) => tells(one) && one.commands !== undefined);
  for (const [position, command] of (telling[0]?.commands ?? []).entries()) {
    const all = telling.map(({ commands }) => commands?.[position]?.carries?.digests ?? {});
    for (const field of new Set(all.flatMap((digests) => Object.keys(digests)))) {
      if (new Set(all.map((digests) => digests[field])).size > 1) {
        loose.add(fieldKey(command, field));
      }
    }
  }
  return loose;
}

/** Names a field of the commands of one line. */
export function fieldKey({ command, name, file, line }: RecordedCommand, field: string): string {
  return JSON.stringify([command, name, file, line, field]);
}
