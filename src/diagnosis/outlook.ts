import type { Frame } from './source-location.js';
import { framesOf } from './source-location.js';
import type { SourceFiles } from './source-files.js';
import {
  endOfFunction,
  functionEnd,
  functionsNamed,
  lastLineOfCall,
  linesToCome,
} from './functions-in-source.js';
import { escaped, finder, type Named } from './named-in-source.js';

/** No more commands are looked for: those further ahead decide nothing. */
const MAX_FOUND = 40;

/** How many calls lie within each other. */
const MAX_DEPTH = 6;

/** The outlook from places in the source of one application. */
export class Outlook {
  private readonly files: SourceFiles;
  private readonly known: readonly Named[];
  private readonly definition: Frame | undefined;

  /**
   * @param known the commands of history and of the code. No other names are looked for.
   * @param definition where the workflow's function is declared
   */
  constructor(files: SourceFiles, known: Iterable<Named>, definition?: Frame) {
    this.files = files;
    this.known = [...known];
    this.definition = definition;
  }

  /**
   * The commands that the source names below a place, in the order in which the code reaches them: to the end of the
   * loop around the place, so often from the start of that loop, on to the end of the function, and so on in the functions
   * that called it. Where a line calls another function of the application, its commands are there too. A replay that
   * has diverged does not get there, so nothing else tells what the code would do next. It looks for names and does
   * not parse. It decides only how a finding is worded.
   */
  below(place: Frame, rounds = 1): Named[] {
    const found: Named[] = [];
    for (const frame of framesOf(place)) {
      if (found.length >= MAX_FOUND) break;
      const lines = this.files.lines(frame);
      if (frame.line === undefined || lines === undefined) continue;
      const isFunctionEnd = functionEnd(frame.file ?? '', lines, frame.line);
      const from = lastLineOfCall(lines, frame.line);
      const indices = linesToCome(lines, from, isFunctionEnd, rounds);
      this.read(frame, lines, indices, found, new Set());
    }
    return found;
  }

  private read(
    { file = '' }: Frame,
    lines: readonly string[],
    indices: readonly number[],
    found: Named[],
    within: ReadonlySet<string>,
  ): void {
    const text = lines.join('\n');
    const find = finder(
      [...proxied(text), ...stubbed(text), ...this.known],
      file.endsWith('.py') ? 1000 : 1,
    );
    for (const index of indices) {
      const line = lines[index] ?? '';
      const commands = find(line);
      const calls = callsIn(line).filter(
        ({ at }) => !commands.some((command) => command.at === at),
      );
      for (const item of [...commands, ...calls].sort((a, b) => a.at - b.at)) {
        if (found.length >= MAX_FOUND) return;
        if ('named' in item) found.push(item.named);
        else this.follow(item.name, file, lines, index, found, within);
      }
    }
  }

  /** Reads the function that a line calls. Of several with its name, the first that issues anything. */
  private follow(
    name: string,
    file: string,
    lines: readonly string[],
    from: number,
    found: Named[],
    within: ReadonlySet<string>,
  ): void {
    if (within.size >= MAX_DEPTH) return;
    const before = found.length;
    for (const target of this.targets(name, file, lines, from)) {
      const key = `${target.file}:${target.start}`;
      if (within.has(key) || (target.file === file && target.start === from)) continue;
      const indices = range(target.start, target.end);
      const body = target.lines.map((line, index) =>
        // What the head says before the body, its own name too, is no call.
        index === target.start ? bodyOnHead(line) : line,
      );
      this.read({ file: target.file }, body, indices, found, new Set([...within, key]));
      if (found.length > before) return;
    }
  }

  private targets(name: string, file: string, lines: readonly string[], from: number): Target[] {
    const inFile = (path: string, text: readonly string[]): Target[] =>
      functionsNamed(text, name).map((one) => ({ file: path, lines: text, ...one }));
    // An interceptor calls the workflow by this name, and a decorator by that of its parameter.
    if (RUNS_WORKFLOW.test(name)) return this.workflow();
    const here = inFile(file, lines);
    if (here.length > 0) return here;
    const near = this.files
      .near(file)
      .flatMap((path) => inFile(path, this.files.lines({ file: path }) ?? []));
    return near.length === 0 && isParameter(lines, from, name) ? this.workflow() : near;
  }

  private workflow(): Target[] {
    const { file, line } = this.definition ?? {};
    const lines = this.definition === undefined ? undefined : this.files.lines(this.definition);
    if (file === undefined || line === undefined || lines === undefined) return [];
    return [{ file, lines, start: line - 1, end: endOfFunction(lines, line - 1) }];
  }
}

interface Target {
  readonly file: string;
  readonly lines: readonly string[];
  readonly start: number;
  readonly end: number;
}

/** How interceptors of all languages call the workflow. */
const RUNS_WORKFLOW = /^(?:execute_?workflow|execute)$/iu;

/** How far above a call the function is declared that takes what is called. */
const MAX_HEAD = 30;

/** Whether a name is a parameter of a function around a line. */
function isParameter(lines: readonly string[], from: number, name: string): boolean {
  const parameter = new RegExp(
    String.raw`(?:\bdef\s+\w+|\bfunc(?:tion)?\b[^(]*)\((?:[^)]*[\s,*])?${escaped(name)}\b|\((?:[^()]*[\s,])?${escaped(name)}\b(?!\s*\().*(?:\{|=>)\s*$`,
    'u',
  );
  return lines.slice(Math.max(0, from - MAX_HEAD), from + 1).some((line) => parameter.test(line));
}

/** The text of a function's head from its body on; empty where the body begins below. */
function bodyOnHead(line: string): string {
  const body = /(?:\)[^(){}]*\{|=>)(.*\S.*)$/u.exec(line)?.[1] ?? '';
  return body;
}

interface Call {
  readonly at: number;
  readonly name: string;
}

function callsIn(line: string): Call[] {
  return [...line.matchAll(/(?<![\p{L}\p{N}_$])([\p{L}_$][\p{L}\p{N}_$]*)\s*(?:<[^<>()]*>)?\(/gu)]
    .filter(([, name = '']) => !NO_CALL.test(name))
    .map((match) => ({ at: match.index, name: match[1] ?? '' }));
}

const NO_CALL =
  /^(?:if|for|while|switch|catch|return|await|function|func|def|async|new|super|print)$/u;

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
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
