import { isAbsolute, relative, sep } from 'node:path';

export type AnnotationLevel = 'error' | 'warning' | 'notice';

export interface Annotation {
  readonly level: AnnotationLevel;
  readonly message: string;
  readonly title?: string;
  /** Relative to the workspace, with `/`, when it lies in there. */
  readonly file?: string;
  readonly line?: number;
  readonly endLine?: number;
  readonly col?: number;
  readonly endColumn?: number;
}

/** What GitHub keeps of each level in one step, silently. */
const ANNOTATIONS_PER_LEVEL = 10;

/** Characters that GitHub keeps of an annotation's message, silently. */
const MESSAGE_LENGTH = 4_096;

const STOP_COMMAND = 'stop-commands';

/** Every command that the runner knows; a line with any other name is just printed. */
const COMMANDS = [
  STOP_COMMAND,
  'set-env',
  'set-output',
  'save-state',
  'add-mask',
  'add-path',
  'add-matcher',
  'remove-matcher',
  'debug',
  'warning',
  'error',
  'notice',
  'group',
  'endgroup',
  'echo',
];

/**
 * What GitHub's runner makes of the lines that a step prints, on standard output as well as on
 * standard error: it executes commands, and shows the rest.
 *
 * The rules are those of `ActionCommand.cs` and `ActionCommandManager.cs` of actions/runner. Where
 * the runner compares by the machine's culture, characters are compared here, which finds at least
 * the commands that it finds.
 */
export class RunnerCommands {
  /** What a person reads in the job's log. */
  readonly log: string[] = [];
  /** What a person reads only with debug logging switched on. */
  readonly debug: string[] = [];
  /** Every annotation that was asked for; see `shownAnnotations`. */
  readonly annotations: Annotation[] = [];
  /** Lines that were executed: to see which of what was printed became a command. */
  readonly executed: string[] = [];
  private readonly workspace: string | undefined;
  private readonly masks = new Set<string>();
  private readonly registered = new Set(COMMANDS);
  private stopToken: string | undefined;

  /** @param workspace relative to which annotations name files; `undefined`: files are left as is. */
  constructor(workspace: string | undefined, secrets: readonly string[] = []) {
    this.workspace = workspace;
    for (const secret of secrets) this.mask(secret);
  }

  /** @param line without its line end; see `splitLines`. */
  process(line: string): void {
    const command = parseCommand(line, this.registered);
    if (command === undefined || !this.execute(command, line)) this.print(line);
  }

  /** Hides what is secret, as everywhere in a job's log. */
  masked(text: string): string {
    let masked = text;
    for (const secret of this.masks) masked = masked.replaceAll(secret, '***');
    return masked;
  }

  /** @returns whether the line is used up. */
  private execute(command: Command, line: string): boolean {
    if (this.stopToken !== undefined) {
      if (command.name !== this.stopToken) return false;
      this.registered.delete(this.stopToken);
      this.stopToken = undefined;
      this.print(line);
      return true;
    }
    this.executed.push(line);
    switch (command.name) {
      case STOP_COMMAND:
        this.stopToken = command.data.toLowerCase();
        this.registered.add(this.stopToken);
        this.print(line);
        return true;
      case 'error':
      case 'warning':
      case 'notice':
        this.annotate(command.name, command);
        return true;
      case 'group':
        this.print(`▼ ${command.data}`);
        return true;
      case 'debug':
        this.debug.push(this.masked(command.data));
        return true;
      case 'add-mask':
        this.mask(command.data);
        return true;
      case 'set-env':
      case 'add-path':
        this.annotate('error', {
          ...command,
          properties: new Map(),
          data: `The \`${command.name}\` command is disabled.`,
        });
        return true;
      default:
        return true;
    }
  }

  private annotate(level: AnnotationLevel, command: Command): void {
    const message = this.masked(command.data);
    const label = { error: 'Error', warning: 'Warning', notice: 'Notice' }[level];
    for (const line of `${label}: ${message}`.split('\n')) this.log.push(line);
    this.annotations.push({
      level,
      message: message.slice(0, MESSAGE_LENGTH),
      ...this.place(command.properties),
    });
  }

  private place(properties: ReadonlyMap<string, string>): Partial<Annotation> {
    const title = properties.get('title');
    const file = properties.get('file');
    const endLine = wholeNumber(properties.get('endline'));
    const line = wholeNumber(properties.get('line')) ?? endLine;
    const endColumn = wholeNumber(properties.get('endcolumn'));
    const col = wholeNumber(properties.get('col')) ?? endColumn;
    // GitHub knows columns only within one line.
    const hasColumns = line !== undefined && (endLine === undefined || endLine === line);
    return {
      ...(title === undefined ? {} : { title: this.masked(title) }),
      ...(file === undefined ? {} : { file: this.inWorkspace(this.masked(file)) }),
      ...(line === undefined ? {} : { line }),
      ...(endLine === undefined ? {} : { endLine }),
      ...(col === undefined || !hasColumns ? {} : { col }),
      ...(endColumn === undefined || !hasColumns ? {} : { endColumn }),
    };
  }

  private inWorkspace(file: string): string {
    if (this.workspace === undefined || !isAbsolute(file)) return file;
    const inside = relative(this.workspace, file);
    return inside.startsWith('..') ? file : inside.replaceAll(sep, '/');
  }

  private mask(secret: string): void {
    // Output is masked line by line, so each line of a secret counts.
    for (const part of [secret, ...secret.split(/[\r\n]+/u)]) {
      if (part.trim() !== '') this.masks.add(part);
    }
  }

  private print(line: string): void {
    this.log.push(this.masked(line));
  }
}

/** The annotations that GitHub keeps: the first ten of each level. */
export function shownAnnotations(annotations: readonly Annotation[]): readonly Annotation[] {
  const seen = { error: 0, warning: 0, notice: 0 };
  return annotations.filter(({ level }) => ++seen[level] <= ANNOTATIONS_PER_LEVEL);
}

/** Splits as .NET's `ReadLine` does, to which a lone carriage return ends a line too. */
export function splitLines(text: string): readonly string[] {
  const lines = text.split(/\r\n|\r|\n/u);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

interface Command {
  /** In lower case, as the runner ignores case. */
  readonly name: string;
  readonly properties: ReadonlyMap<string, string>;
  readonly data: string;
}

/** One of the two notations, and how its special characters are written; `%` comes last. */
interface Notation {
  readonly separator: string;
  readonly inProperties: readonly Escape[];
  readonly inData: readonly Escape[];
}

type Escape = readonly [written: string, meant: string];

const CURRENT: Notation = {
  separator: ',',
  inProperties: [
    ['%0D', '\r'],
    ['%0A', '\n'],
    ['%3A', ':'],
    ['%2C', ','],
    ['%25', '%'],
  ],
  inData: [
    ['%0D', '\r'],
    ['%0A', '\n'],
    ['%25', '%'],
  ],
};

const LEGACY_ESCAPES: readonly Escape[] = [
  ['%3B', ';'],
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%5D', ']'],
  ['%25', '%'],
];

const LEGACY: Notation = {
  separator: ';',
  inProperties: LEGACY_ESCAPES,
  inData: LEGACY_ESCAPES,
};

function parseCommand(line: string, registered: ReadonlySet<string>): Command | undefined {
  return parseCurrent(line, registered) ?? parseLegacy(line, registered);
}

/** `::name key=value,key=value::data`, at the start of the line but for white space. */
function parseCurrent(line: string, registered: ReadonlySet<string>): Command | undefined {
  const trimmed = line.replace(LEADING_WHITE_SPACE, '');
  if (!trimmed.startsWith('::')) return undefined;
  const end = trimmed.indexOf('::', 2);
  if (end < 0) return undefined;
  return toCommand(trimmed.slice(2, end), trimmed.slice(end + 2), CURRENT, registered);
}

/** `##[name key=value;key=value]data`, anywhere in the line. */
function parseLegacy(line: string, registered: ReadonlySet<string>): Command | undefined {
  const start = line.indexOf('##[');
  if (start < 0) return undefined;
  const end = line.indexOf(']', start);
  if (end < 0) return undefined;
  return toCommand(line.slice(start + 3, end), line.slice(end + 1), LEGACY, registered);
}

/** White space as .NET knows it: with the next-line character, without the byte order mark. */
const LEADING_WHITE_SPACE = /^(?:(?!\uFEFF)[\s\u0085])+/u;

function toCommand(
  head: string,
  data: string,
  notation: Notation,
  registered: ReadonlySet<string>,
): Command | undefined {
  const space = head.indexOf(' ');
  const name = (space < 0 ? head : head.slice(0, space)).toLowerCase();
  if (!registered.has(name)) return undefined;
  const properties = new Map<string, string>();
  for (const property of space < 0 ? [] : head.slice(space + 1).split(notation.separator)) {
    const equals = property.indexOf('=');
    const key = property.slice(0, equals).trim().toLowerCase();
    const value = property.slice(equals + 1);
    if (equals > 0 && value !== '') properties.set(key, unescape(value, notation.inProperties));
  }
  return { name, properties, data: unescape(data, notation.inData) };
}

function unescape(text: string, escapes: readonly Escape[]): string {
  return escapes.reduce((result, [written, meant]) => result.replaceAll(written, meant), text);
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/u.test(text) ? Number(text) : undefined;
}
