import { describeProblem, UserError } from '../model/user-error.js';
import { endAllReplayers, killAllReplayers } from '../replay/replayer-process.js';
import type { CommandName } from '../terminal/commands.js';
import { readCommand, UsageError } from '../terminal/read-command.js';
import { readable } from '../untrusted/readable.js';
import { advise } from './terminal-advise.js';
import { check } from './terminal-check.js';
import { record } from './terminal-record.js';
import { retire } from './terminal-retire.js';
import { openSession, type Session } from './session.js';

/** The tool for the terminal. Exit codes: 0, 1 (also for every error), and 2 for a wrong command line. */
export async function runInTerminal(
  args: readonly string[],
  replayersFolder: string,
): Promise<void> {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => controller.abort(new Error(`the run was cancelled (${signal})`)));
  }
  process.on('exit', killAllReplayers);
  try {
    const asked = readCommand(args);
    if (asked.kind === 'help') {
      console.log(asked.text);
      process.exitCode = 0;
      return;
    }
    const session = openSession(asked, { replayersFolder, cancelled: controller.signal });
    if (await COMMANDS[asked.name](session)) process.exitCode = 0;
  } catch (error) {
    if (controller.signal.aborted) console.error('The run was cancelled.');
    else console.error(error instanceof UserError ? readable(describeProblem(error)) : error);
    if (error instanceof UsageError) process.exitCode = 2;
  } finally {
    await endAllReplayers();
  }
}

/** Each says whether the answer is good. */
const COMMANDS: Readonly<Record<CommandName, (session: Session) => Promise<boolean>>> = {
  check,
  advise,
  retire,
  record,
};
