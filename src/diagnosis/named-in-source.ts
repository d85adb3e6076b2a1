import { lengthInCall } from './durations-in-source.js';

/** A command by its kind and name, from code or from history; a timer by its length too, in milliseconds. */
export interface Named {
  readonly command: string;
  readonly name: string;
  readonly length?: number | undefined;
}

/** Patterns that find commands without a name in source of all languages. */
const UNNAMED: Readonly<Record<string, string>> = {
  StartTimer: String.raw`\b(?:sleep|new_?timer)\s*\(|\b(?:condition|wait_condition)\s*\(.*,\s*(?:timeout\s*=|['"\x60\d])|\bWorkflow\.await\s*\(\s*(?!\(\s*\)|\w+\s*->|[\w.]*::)`,
  ModifyWorkflowProperties: String.raw`\bupsert_?memo\s*\(`,
  UpsertWorkflowSearchAttributes: String.raw`\bupsert_?(?:typed_?)?search_?attributes\s*\(`,
  ContinueAsNewWorkflowExecution: String.raw`\b(?:new_?)?continue_?as_?new(?:error)?\b`,
};

/** Commands whose name appears in the source that issues them. */
const NAMED: ReadonlySet<string> = new Set([
  'ScheduleActivityTask',
  'ScheduleLocalActivity',
  'StartChildWorkflowExecution',
  'SignalExternalWorkflowExecution',
  'ScheduleNexusOperation',
]);

/** Whether source shows where it issues such a command. It does not for a cancellation or the answer to an update. */
export function isNamedInSource({ command }: Named): boolean {
  return NAMED.has(command) || command in UNNAMED;
}

/** Whether two are the same command, as far as is known of both. */
export function isSame(one: Named, other: Named): boolean {
  return (
    one.command === other.command &&
    one.name === other.name &&
    (one.length === undefined || other.length === undefined || one.length === other.length)
  );
}

/** Whether a line of source names a command. */
export function namesCommand(line: string, command: Named): boolean {
  return finder([command])(withoutComment(line)).some(({ named }) => isSame(named, command));
}

export function withoutComment(line: string): string {
  return line.replace(/(?:^|\s)(?:\/\/|#\s|\*\s).*$/u, '');
}

/** A command, and where in the line it is named. */
export interface Found {
  readonly at: number;
  readonly named: Named;
}

/**
 * Finds the commands in one line of text, from left to right.
 *
 * @param numberUnit milliseconds of a number without a unit
 */
export function finder(known: Iterable<Named>, numberUnit = 1): (text: string) => Found[] {
  const byName = new Map<string, Named>();
  for (const { command, name } of known) {
    if (NAMED.has(command) && name !== '') byName.set(folded(name), { command, name });
  }
  const names = [...byName.values()]
    .map(({ name }) => inAnyCase(name))
    .sort((a, b) => b.length - a.length);
  const patterns = [
    ...Object.entries(UNNAMED).map(([command, pattern]) => ({
      pattern: new RegExp(pattern, 'giu'),
      of: (_: string, call: string): Named => ({
        command,
        name: '',
        ...(command === 'StartTimer' ? withLength(call, numberUnit) : {}),
      }),
    })),
    ...(names.length === 0
      ? []
      : [
          {
            pattern: new RegExp(
              `(?<![\\p{L}\\p{N}_$])(?:${names.join('|')})(?![\\p{L}\\p{N}_$])`,
              'giu',
            ),
            of: (found: string): Named | undefined => byName.get(folded(found)),
          },
        ]),
  ];
  return (text) =>
    patterns
      .flatMap(({ pattern, of }) =>
        [...text.matchAll(pattern)].flatMap((match) => {
          const named = of(match[0], text.slice(match.index));
          return named === undefined ? [] : [{ at: match.index, named }];
        }),
      )
      .sort((a, b) => a.at - b.at);
}

function withLength(call: string, numberUnit: number): { length?: number } {
  const length = lengthInCall(call, numberUnit);
  return length === undefined ? {} : { length };
}

/** `chargeCard`, `ChargeCard` and `charge_card` are one name: each language has its own style for functions. */
function folded(name: string): string {
  return name.replace(/[_-]/gu, '').toLowerCase();
}

function inAnyCase(name: string): string {
  return name
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1_$2')
    .split(/[_-]+/u)
    .filter((word) => word !== '')
    .map(escaped)
    .join('[_-]?');
}

export function escaped(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);
}
