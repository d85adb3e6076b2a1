import * as core from '@actions/core';
import { describeProblem, UserError } from '../model/user-error.js';
import { killAllReplayers } from '../replay/replayer-process.js';
import { logLine } from '../untrusted/log-line.js';

/** The value of an input, as the runner passes it. */
export function readInput(name: string): string | undefined {
  return process.env[`INPUT_${name.toUpperCase()}`];
}

/** Shows the error as an annotation, and a bug of ours with its stack. */
export function tellError(error: unknown, title: string): void {
  core.error(logLine(error instanceof UserError ? describeProblem(error) : String(error)), {
    title,
  });
  if (!(error instanceof UserError)) logStack(error);
}

/** Masks each line of a possible credential: the runner masks only the exact strings that it is told. */
export function maskSecrets(names: readonly string[]): void {
  for (const name of names) {
    const value = readInput(name) ?? '';
    for (const line of value.split(/\r?\n|\\n/u)) {
      // The first and last line of a PEM text are no secret, and masking them would hide other text.
      if (line.trim().length >= 8 && !line.includes('-----')) core.setSecret(line.trim());
    }
  }
}

/** A signal that is aborted when the runner cancels the job. The runner sends SIGINT, then SIGTERM, then kills. */
export function cancellation(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => controller.abort(new Error(`the job was cancelled (${signal})`)));
  }
  // However this process ends, no replay process stays behind.
  process.on('exit', killAllReplayers);
  return controller.signal;
}

/** Prints at most one line in five seconds, so that a long run shows that it is alive. */
export function progressLines(did = 'Replayed'): (done: number, of: number) => void {
  let last = Date.now();
  return (done, of) => {
    if (Date.now() - last < 5000) return;
    last = Date.now();
    core.info(`${did} ${done} of ${of}`);
  };
}

/** Writes to the log what was decided for the user. */
export function say(line: string): void {
  core.info(logLine(line));
}

/** Shows a warning as an annotation. */
export function warn(text: string): void {
  core.warning(logLine(text));
}

export function logStack(error: unknown): void {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  for (const line of stack.split('\n')) core.info(logLine(line));
}
