import { readSettings } from '../inputs/read-settings.js';
import type { InputName } from '../inputs/raw-inputs.js';
import type { Settings } from '../model/settings.js';
import { describeProblem, UserError } from '../model/user-error.js';
import { COLOURED, PLAIN, type Style } from '../report/style.js';
import { UsageError, type Asked } from '../terminal/read-command.js';
import { ProgressLine } from '../terminal/progress-line.js';
import { readable } from '../untrusted/readable.js';

/** A command of the terminal, and what it works with. */
export interface Session {
  readonly asked: Extract<Asked, { kind: 'command' }>;
  readonly settings: Settings;
  readonly replayersFolder: string;
  readonly cancelled: AbortSignal;
  readonly environment: NodeJS.ProcessEnv;
  /** Of the standard output. */
  readonly style: Style;
  readonly progress: ProgressLine;
  /** A line about what is going on. It goes to the standard error, so that the answer stays alone. */
  readonly say: (line: string) => void;
  readonly print: (text: string) => void;
}

/** @throws UsageError where an option's value is wrong */
export function openSession(
  asked: Session['asked'],
  { replayersFolder, cancelled }: Pick<Session, 'replayersFolder' | 'cancelled'>,
): Session {
  const { stdout, stderr, env } = process;
  const progress = new ProgressLine(stderr.isTTY ? stderr : undefined);
  const isPlain = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return {
    asked,
    settings: settingsOf(asked),
    replayersFolder,
    cancelled,
    environment: env,
    style: stdout.isTTY && !isPlain ? COLOURED : PLAIN,
    progress,
    say: (line) => {
      progress.clear();
      console.error(readable(line));
    },
    print: (text) => {
      progress.clear();
      console.log(text);
    },
  };
}

function settingsOf({ values, profile }: Session['asked']): Settings {
  try {
    return readSettings({
      read: (name: InputName) =>
        values[name] ??
        (name === 'histories-passphrase' ? process.env['HISTORIES_PASSPHRASE'] : undefined),
      variables: process.env,
      workspace: process.cwd(),
      now: new Date(),
      terminal: { profile },
    });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { found, expected, fix } = error;
    throw new UsageError(
      {
        found: asOptions(found),
        ...(expected === undefined ? {} : { expected }),
        ...(fix === undefined ? {} : { fix: asOptions(fix) }),
      },
      { cause: describeProblem(error) },
    );
  }
}

/** Inputs of the action are options here. */
function asOptions(text: string): string {
  return text.replace(/\bInput ([a-z][a-z-]*)/gu, 'The option --$1').replace(' under "with:"', '');
}
