/** What blocks and statements of a language look like. */
export type Syntax = 'braces;' | 'braces' | 'indentation';

/** One line of source, as far as it tells where statements begin and end. */
export interface ScannedLine {
  /** Without strings and comments, and without the space around it. */
  readonly code: string;
  /** How many brackets are open where it begins, at its end, and the fewest within it. */
  readonly depth: number;
  readonly depthAfter: number;
  readonly least: number;
  /** Whether it begins within a string of several lines. */
  readonly inString: boolean;
  /** The space before its first character. */
  readonly indent: string;
}

/** Strings of several lines, by how they begin. */
const LONG: Readonly<Record<Syntax, readonly string[]>> = {
  'braces;': ['`', '"""'],
  braces: ['`'],
  indentation: ['"""', "'''"],
};

/** Reads lines as the language's lexer would, as far as brackets, strings and comments go. */
export function scanLines(lines: readonly string[], syntax: Syntax): ScannedLine[] {
  const comment = syntax === 'indentation' ? '#' : '//';
  let depth = 0;
  /** What ends the string or comment that goes on over the line's end. */
  let closes: string | undefined;
  return lines.map((line) => {
    const began = depth;
    const inString = closes !== undefined && closes !== '*/';
    let least = depth;
    let code = '';
    let at = 0;
    while (at < line.length) {
      const rest = line.slice(at);
      if (closes !== undefined) {
        if (rest.startsWith(closes)) {
          at += closes.length;
          if (closes !== '*/') code += '""';
          closes = undefined;
        } else at += rest.startsWith('\\') && closes !== '*/' ? 2 : 1;
        continue;
      }
      if (rest.startsWith(comment)) break;
      if (syntax !== 'indentation' && rest.startsWith('/*')) {
        closes = '*/';
        at += 2;
        continue;
      }
      const long = LONG[syntax].find((one) => rest.startsWith(one));
      if (long !== undefined) {
        closes = long;
        at += long.length;
        continue;
      }
      const char = line.charAt(at);
      if (char === '"' || char === "'") {
        let end = at + 1;
        while (end < line.length && line.charAt(end) !== char)
          end += line.charAt(end) === '\\' ? 2 : 1;
        code += '""';
        at = end + 1;
        continue;
      }
      if ('([{'.includes(char)) depth += 1;
      if (')]}'.includes(char)) depth -= 1;
      least = Math.min(least, depth);
      code += char;
      at += 1;
    }
    return {
      code: code.trim(),
      depth: began,
      depthAfter: depth,
      least,
      inString,
      indent: /^\s*/u.exec(line)?.[0] ?? '',
    };
  });
}

/** What goes on with the statement before it. */
const GOES_ON =
  /^(?:else|catch|finally|elif|except|while\b.*;$|case\b.*:$|default:)(?![\w$])|^[)\].,?:&|+*/%=<>]|^\}.*\b(?:else|catch|finally)\b/u;

/** Whether a statement can begin at a line, as far as the lines around it tell. */
export function isBoundary(scanned: readonly ScannedLine[], at: number, syntax: Syntax): boolean {
  const here = scanned[at];
  if (here?.inString === true) return false;
  if (here !== undefined && GOES_ON.test(here.code)) return false;
  let above = at - 1;
  while (above >= 0 && scanned[above]?.code === '') {
    if (scanned[above]?.inString === true) return false;
    above -= 1;
  }
  const last = scanned[above]?.code ?? '';
  if (last === '') return true;
  switch (syntax) {
    case 'braces;':
      return /[;{}]$|^@.*\)$/u.test(last) && !/^@/u.test(last);
    case 'braces':
      return !/[,([.+\-*/|&=<]$/u.test(last);
    case 'indentation':
      return (scanned[above]?.depthAfter ?? 0) === 0 && !last.endsWith('\\');
  }
}
