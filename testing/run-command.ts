import { execFile } from 'node:child_process';

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
  /** Kills it. */
  readonly signal?: AbortSignal;
}

/** How much of a failed command's output its error repeats. */
const TAIL_LENGTH = 2_000;

/** Runs a program to its end, without a shell; fails with the end of what it printed. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    execFile(
      command,
      args,
      {
        maxBuffer: 64 * 1024 * 1024,
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
        ...(options.env === undefined ? {} : { env: options.env }),
        ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      },
      (error, stdout, stderr) => {
        if (error === null) return resolve({ stdout, stderr });
        const line = [command, ...args].join(' ');
        if (error.code === 'ENOENT') {
          return reject(new Error(`${command} was not found (to run: ${line})`));
        }
        const why = error.killed ? `was stopped by ${error.signal}` : `failed (${error.code})`;
        const output = (stderr.trim() || stdout.trim()).slice(-TAIL_LENGTH);
        reject(new Error(`${line} ${why}${output === '' ? '' : `:\n${output}`}`));
      },
    );
  });
}
