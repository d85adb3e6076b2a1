import * as core from '@actions/core';
import { describeProblem, UserError } from '../model/user-error.js';
import { killAllReplayers } from '../replay/replayer-process.js';
import { logLine } from '../untrusted/log-line.js';

/** The value of an input, as the runner hands it over. */
export function readInput(name: string): string | undefined {
  return process.env[`INPUT_${name.toUpperCase()}`];
}

/** The error as an annotation; what is a bug of ours also with its stack. */
export function tellError(error: unknown, title: string): void {
  core.error(logLine(error instanceof UserError ? describeProblem(error) : String(error)), {
    title,
  });
  if (!(error instanceof UserError)) logStack(error);
}

/** Masks what could be a credential line by line: the runner masks only what it is told. */
export function maskSecrets(names: readonly string[]): void {
  for (const name of names) {
    const value = readInput(name) ?? '';
    for (const line of value.split(/\r?\n|\\n/u)) {
      // The frame of a PEM text is no secret, and masking it would blacken the log.
      if (line.trim().length >= 8 && !line.includes('-----')) core.setSecret(line.trim());
    }
  }
}

/** A signal that is aborted when the runner cancels the job: SIGINT first, then SIGTERM, then the end. */
export function cancellation(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => controller.abort(new Error(`the job was cancelled (${signal})`)));
  }
  // Whatever ends us, no replay process stays behind.
  process.on('exit', killAllReplayers);
  return controller.signal;
}

/** A line at most every five seconds, so that a long run shows that it lives. */
export function progressLines(did = 'Replayed'): (done: number, of: number) => void {
  let last = Date.now();
  return (done, of) => {
    if (Date.now() - last < 5000) return;
    last = Date.now();
    core.info(`${did} ${done} of ${of}`);
  };
}

/** Tells the log what was decided for the user. */
export function say(line: string): void {
  core.info(logLine(line));
}

export function logStack(error: unknown): void {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  for (const line of stack.split('\n')) core.info(logLine(line));
}
