import type { RecordedCommand } from '../replay/protocol.js';
import { sourceText, type Frame } from './source-location.js';

/** A command by its kind and name, from code or from history. */
export type Named = Pick<RecordedCommand, 'command' | 'name'>;

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

/** A longer file is not searched: it is a bundle that no person wrote. */
const MAX_LENGTH = 1_000_000;

/**
 * The commands that the source names below a place, in the order in which the code reaches them: to the end of the
 * loop around the place, once from the start of that loop, and on to the end of the function. A replay that has
 * diverged does not get there, so nothing else tells what the code would do next. It looks for names and does not
 * parse. It decides only how a finding is worded.
 *
 * @param known the commands of history and of the code. No other names are looked for.
 */
export function commandsBelow(frame: Frame, known: Iterable<Named>, workspace: string): Named[] {
  const { line } = frame;
  const text = sourceText(frame, workspace);
  if (line === undefined || text === undefined || text.length > MAX_LENGTH) return [];
  const lines = text.split(/\r?\n/u).map(withoutComment);
  const isFunctionEnd = functionEnd(frame.file ?? '', lines, line);
  const find = finder([...proxied(text), ...stubbed(text), ...known]);
  return linesToCome(lines, lastLineOfCall(lines, line), isFunctionEnd).flatMap((index) =>
    find(lines[index] ?? ''),
  );
}

/** The activities that TypeScript code takes from `proxyActivities`. Some of them may be in no history yet. */
function proxied(text: string): Named[] {
  return [...text.matchAll(/\{([^{}]*)\}\s*=\s*proxyActivities\b/gu)].flatMap(([, list = '']) =>
    list.split(',').flatMap((element) => {
      const name = /^\s*([\p{L}\p{N}_$]+)/u.exec(element)?.[1];
      return name === undefined ? [] : [{ command: 'ScheduleActivityTask', name }];
    }),
  );
}

/** The same for Java code: the methods called on a field with a stub. History holds no order of local activities. */
function stubbed(text: string): Named[] {
  const stubs = text.matchAll(/([\p{L}\p{N}_$]+)\s*=\s*Workflow\s*\.\s*newActivityStub\s*\(/gu);
  return [...stubs].flatMap(([, stub = '']) => {
    const calls = text.matchAll(
      new RegExp(`(?<![\\p{L}\\p{N}_$])${escaped(stub)}(?:\\.|::)([\\p{L}\\p{N}_$]+)`, 'gu'),
    );
    return [...calls].map(([, name = '']) => ({ command: 'ScheduleActivityTask', name }));
  });
}

/** The last line of a call that begins on this line. The lines of its arguments still belong to the call. */
function lastLineOfCall(lines: readonly string[], line: number): number {
  let open = 0;
  for (let at = line; at <= lines.length; at += 1) {
    const text = lines[at - 1] ?? '';
    open += (text.match(/[([]/gu) ?? []).length - (text.match(/[)\]]/gu) ?? []).length;
    if (open <= 0) return open === 0 ? at : line;
    // The line opens a function or a block. The commands in it are still to come.
    if (/(?:[{:]|=>)$/u.test(text.trimEnd())) return line;
  }
  return line;
}

/** The indices of the lines below a line (counted from 1), in the order in which the code reaches them. */
function linesToCome(
  lines: readonly string[],
  line: number,
  isFunctionEnd: (text: string) => boolean,
): number[] {
  const end = lines.findIndex((text, index) => index >= line && isFunctionEnd(text));
  const last = end === -1 ? lines.length : end;
  const loop = loopAround(lines, line - 1);
  if (loop === undefined) return range(line, last);
  const bodyEnd = Math.min(loop.end, last);
  return [...range(line, bodyEnd), ...range(loop.start, line - 1), ...range(bodyEnd, last)];
}

function functionEnd(
  file: string,
  lines: readonly string[],
  line: number,
): (text: string) => boolean {
  if (file.endsWith('.py')) return pythonFunctionEnd(lines, line);
  return /\.(?:java|kt)$/u.test(file) ? methodEnd(lines, line) : isBraceEnd;
}

function isBraceEnd(text: string): boolean {
  return text.startsWith('}');
}

/** The head of a method in a class. A call with a lambda does not match, because the method goes on after it. */
const METHOD_HEAD =
  /^\s+(?!\s|(?:if|for|while|switch|try|catch|else|return|synchronized|new|throw)\b|.*->)(?:[^=;()]*[\s>\]])?[\p{L}\p{N}_$]+\s*\([^=;]*\)[^=;]*\{\s*$/u;

/** The indentation of the nearest head that encloses a line; 0 without such a head. */
function indentOfHead(lines: readonly string[], line: number, head: RegExp): number {
  let indent = indentOf(lines[line - 1] ?? '');
  for (let at = line - 2; at >= 0 && indent > 0; at -= 1) {
    const text = lines[at] ?? '';
    if (text.trim() === '' || indentOf(text) >= indent) continue;
    indent = indentOf(text);
    if (head.test(text)) return indent;
  }
  return 0;
}

/** A Java method ends at its closing brace. Other methods of the class may follow. */
function methodEnd(lines: readonly string[], line: number): (text: string) => boolean {
  const outer = indentOfHead(lines, line, METHOD_HEAD);
  return (text) => text.trim().startsWith('}') && indentOf(text) <= outer;
}

/** A Python function ends before the next line that is indented no deeper than its `def`. */
function pythonFunctionEnd(lines: readonly string[], line: number): (text: string) => boolean {
  const outer = indentOfHead(lines, line, /^\s*(?:async )?def /u);
  return (text) => text.trim() !== '' && indentOf(text) <= outer && !/^\s*[)\]}]/u.test(text);
}

/** The innermost loop around a line. Indentation decides, because code under review is formatted. */
function loopAround(
  lines: readonly string[],
  index: number,
): { start: number; end: number } | undefined {
  let indent = indentOf(lines[index] ?? '');
  for (let at = index - 1; at >= 0 && indent > 0; at -= 1) {
    const text = lines[at] ?? '';
    if (text.trim() === '' || indentOf(text) >= indent) continue;
    indent = indentOf(text);
    if (!/^\s*(?:async )?(?:for|while|do)\b/u.test(text)) continue;
    const end = lines.findIndex(
      (below, under) => under > index && below.trim() !== '' && indentOf(below) <= indent,
    );
    return { start: at + 1, end: end === -1 ? lines.length : end };
  }
  return undefined;
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}

function withoutComment(line: string): string {
  return line.replace(/(?:^|\s)(?:\/\/|#\s|\*\s).*$/u, '');
}

/** Finds the commands in one line of text, from left to right. */
function finder(known: Iterable<Named>): (text: string) => Named[] {
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
      of: (): Named => ({ command, name: '' }),
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
          const named = of(match[0]);
          return named === undefined ? [] : [{ at: match.index, named }];
        }),
      )
      .sort((a, b) => a.at - b.at)
      .map(({ named }) => named);
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

function escaped(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);
}
