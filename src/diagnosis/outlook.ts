import type { RecordedCommand } from '../replay/protocol.js';
import { sourceText, type Frame } from './source-location.js';

/** A command by what it is, wherever it comes from. */
export type Named = Pick<RecordedCommand, 'command' | 'name'>;

/** How source names commands that have no name of their own, in all languages. */
const UNNAMED: Readonly<Record<string, string>> = {
  StartTimer: String.raw`\b(?:sleep|new_?timer)\s*\(|\b(?:condition|wait_condition)\s*\(.*,\s*(?:timeout\s*=|['"\x60\d])|\bWorkflow\.await\s*\(\s*(?!\(\s*\)|\w+\s*->|[\w.]*::)`,
  ModifyWorkflowProperties: String.raw`\bupsert_?memo\s*\(`,
  UpsertWorkflowSearchAttributes: String.raw`\bupsert_?(?:typed_?)?search_?attributes\s*\(`,
  ContinueAsNewWorkflowExecution: String.raw`\b(?:new_?)?continue_?as_?new(?:error)?\b`,
};

/** Commands whose name stands in the source where they are issued. */
const NAMED: ReadonlySet<string> = new Set([
  'ScheduleActivityTask',
  'ScheduleLocalActivity',
  'StartChildWorkflowExecution',
  'SignalExternalWorkflowExecution',
  'ScheduleNexusOperation',
]);

/** Whether the source shows where such a command is issued: a cancellation or an update's answer, it does not. */
export function isNamedInSource({ command }: Named): boolean {
  return NAMED.has(command) || command in UNNAMED;
}

/** Lines of a file are read as one text: a bundle that no person wrote is not looked into. */
const MAX_LENGTH = 1_000_000;

/**
 * What the source names below a place, in the order in which the code comes to it: to the end of the loop
 * that the place is in, once around, and on to the end of the function. A replay that has diverged does
 * not get there, so this is all that is known of what the code would do next. It reads names and not
 * syntax, and never decides more than words.
 *
 * @param known commands that history or the code holds: no other names are looked for
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

/** Activities that TypeScript code makes callable under their names, also those that no history holds yet. */
function proxied(text: string): Named[] {
  return [...text.matchAll(/\{([^{}]*)\}\s*=\s*proxyActivities\b/gu)].flatMap(([, list = '']) =>
    list.split(',').flatMap((element) => {
      const name = /^\s*([\p{L}\p{N}_$]+)/u.exec(element)?.[1];
      return name === undefined ? [] : [{ command: 'ScheduleActivityTask', name }];
    }),
  );
}

/** The same of Java code: methods of a field that holds a stub. Of local activities history holds no order. */
function stubbed(text: string): Named[] {
  const stubs = text.matchAll(/([\p{L}\p{N}_$]+)\s*=\s*Workflow\s*\.\s*newActivityStub\s*\(/gu);
  return [...stubs].flatMap(([, stub = '']) => {
    const calls = text.matchAll(
      new RegExp(`(?<![\\p{L}\\p{N}_$])${escaped(stub)}(?:\\.|::)([\\p{L}\\p{N}_$]+)`, 'gu'),
    );
    return [...calls].map(([, name = '']) => ({ command: 'ScheduleActivityTask', name }));
  });
}

/** The last line of a call that begins on a line and has its arguments below: they name the call itself. */
function lastLineOfCall(lines: readonly string[], line: number): number {
  let open = 0;
  for (let at = line; at <= lines.length; at += 1) {
    const text = lines[at - 1] ?? '';
    open += (text.match(/[([]/gu) ?? []).length - (text.match(/[)\]]/gu) ?? []).length;
    if (open <= 0) return open === 0 ? at : line;
    // It opens a function or a block, whose commands do come.
    if (/(?:[{:]|=>)$/u.test(text.trimEnd())) return line;
  }
  return line;
}

/** Indices of lines below a line (from 1), in the order in which the code comes to them. */
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

/** The head of a method in a class; no call with a lambda, whose code goes on behind it. */
const METHOD_HEAD =
  /^\s+(?!\s|(?:if|for|while|switch|try|catch|else|return|synchronized|new|throw)\b|.*->)(?:[^=;()]*[\s>\]])?[\p{L}\p{N}_$]+\s*\([^=;]*\)[^=;]*\{\s*$/u;

/** How deep the head of what encloses a line stands; 0 where there is none. */
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

/** A method of Java's ends where its brace closes: below it come other methods of the same class. */
function methodEnd(lines: readonly string[], line: number): (text: string) => boolean {
  const outer = indentOfHead(lines, line, METHOD_HEAD);
  return (text) => text.trim().startsWith('}') && indentOf(text) <= outer;
}

/** A function of Python's ends before the next line that stands no deeper than its `def`. */
function pythonFunctionEnd(lines: readonly string[], line: number): (text: string) => boolean {
  const outer = indentOfHead(lines, line, /^\s*(?:async )?def /u);
  return (text) => text.trim() !== '' && indentOf(text) <= outer && !/^\s*[)\]}]/u.test(text);
}

/** The innermost loop around a line, by indentation: code under review is formatted. */
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

/** `chargeCard`, `ChargeCard` and `charge_card` are one name: a function is written as its language wants it. */
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
