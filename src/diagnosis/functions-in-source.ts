import { escaped } from './named-in-source.js';

/** The last line of a call that begins on this line. The lines of its arguments still belong to the call. */
export function lastLineOfCall(lines: readonly string[], line: number): number {
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
export function linesToCome(
  lines: readonly string[],
  line: number,
  isFunctionEnd: (text: string) => boolean,
  rounds: number,
): number[] {
  const end = lines.findIndex((text, index) => index >= line && isFunctionEnd(text));
  const last = end === -1 ? lines.length : end;
  const loop = loopAround(lines, line - 1);
  if (loop === undefined) return range(line, last);
  const bodyEnd = Math.min(loop.end, last);
  if (rounds === 0) return range(line, last);
  const again = Array.from({ length: rounds - 1 }, () => range(loop.start, bodyEnd)).flat();
  return [
    ...range(line, bodyEnd),
    ...again,
    ...range(loop.start, line - 1),
    ...range(bodyEnd, last),
  ];
}

export function functionEnd(
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

/** The head of a loop, or of a call that runs a function again and again. */
const LOOP =
  /^\s*(?:async )?(?:for|while|do)\b|\.(?:for_?each(?:ordered)?|map(?:to\w+)?|flat_?map|filter|reduce|peek)\s*\((?!.*\);?\s*$)/iu;

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
    if (!LOOP.test(text)) continue;
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

/** A function that source defines: its file, and the lines of head and body, which count from 0. */
export interface FunctionInSource {
  readonly start: number;
  readonly end: number;
}

/** The heads by which a function of this name is defined, in all languages. */
function headOf(name: string): RegExp {
  const word = `(?<![\\p{L}\\p{N}_$])${escaped(name)}`;
  return new RegExp(
    [
      String.raw`^\s*(?:async\s+)?def\s+${word}\s*\(`,
      String.raw`\bfunction\s*\*?\s*${word}\s*[<(]`,
      String.raw`^func\s+(?:\([^)]*\)\s*)?${word}\s*[[(]`,
      String.raw`^\s*(?:export\s+)?(?:const|let|var)\s+${word}\b[^=]*=\s*(?:async\b|function\b|\(|\w+\s*=>|\w+\()`,
      String.raw`^\s*${word}\s*:?=\s*(?:func\b|async\b|\(.*=>)`,
      // A method: its name follows modifiers and types, and a body begins.
      String.raw`^\s+(?!(?:return|throw|new|await|else|yield)\b)(?:[\w<>[\],.?@]+\s+)*${word}\s*(?:<[^>()]*>)?\([^;]*(?:\{|\($|,$|\($)`,
    ].join('|'),
    'u',
  );
}

/** The functions of this name that lines define. */
export function functionsNamed(lines: readonly string[], name: string): FunctionInSource[] {
  const head = headOf(name);
  return lines.flatMap((line, start) => {
    if (!line.includes(name) || !head.test(line)) return [];
    return [{ start, end: endOfFunction(lines, start) }];
  });
}

/** The index below the last line of a function, by indentation. */
export function endOfFunction(lines: readonly string[], start: number): number {
  const head = lines[start] ?? '';
  const outer = indentOf(head);
  // All of it is on one line.
  if (/\}\s*;?\s*$/u.test(head) && /\{.*\}/u.test(head)) return start + 1;
  const body = Math.max(start + 1, lastLineOfCall(lines, start + 1));
  const end = lines.findIndex(
    (text, index) =>
      index >= body && text.trim() !== '' && indentOf(text) <= outer && !/^\s*[)\]{]/u.test(text),
  );
  return end === -1 ? lines.length : end;
}

/** Whether a line is in the function whose head is another line. Both count from 1. */
export function isBelowHead(lines: readonly string[], head: number, line: number): boolean {
  return line >= head && line <= endOfFunction(lines, head - 1);
}
