import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Fatal } from '../common/fatal.js';

export interface ProgramAnswer {
  readonly succeeded: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

const MAX_OUTPUT = 64 * 1024 * 1024;

/**
 * Runs a program of the Java world to its end.
 *
 * @param missing how to get it when it is not on PATH
 */
export function run(
  program: string,
  folder: string,
  args: readonly string[],
  missing: string,
): ProgramAnswer {
  const { error, status, stdout, stderr } = spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: MAX_OUTPUT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (error !== undefined && (error as NodeJS.ErrnoException).code === 'ENOENT') {
    throw new Fatal(`there is no ${program} on PATH`, missing);
  }
  if (error !== undefined) throw new Fatal(`${program} cannot be run: ${error.message}`);
  return { succeeded: status === 0, stdout, stderr };
}

/** The errors in what a build tool printed: the first of them are enough to begin with. */
export function lastWords({ stdout, stderr }: ProgramAnswer): string {
  const text = `${stdout}\n${stderr}`;
  // Gradle's errors stand below a heading, and need not have such a word in them.
  const wrong = /^\* What went wrong:\n(?<words>[^]*?)(?=\n\n|\n\* |$(?![^]))/mu.exec(text);
  if (wrong?.groups?.['words'] !== undefined) return wrong.groups['words'].trim().slice(0, 1_000);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const errors = lines.filter((line) => /error|exception|could not|failed/iu.test(line));
  return (errors.length > 0 ? errors : lines).slice(0, 8).join('\n').trim();
}

/** The nearest wrapper of a build tool, from the folder up to the root of the checkout. */
export function wrapperIn(name: string, folder: string, root: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, name);
    if (existsSync(path)) return path;
    if (at === root || dirname(at) === at) return undefined;
  }
}
