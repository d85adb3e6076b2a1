import { spawn } from 'node:child_process';
import type { IsolationWay, ProgramToIsolate } from './isolation-way.js';

export interface RunIsolatedOptions {
  /** Whether it answers on descriptor 3; otherwise on standard output. */
  readonly channel: boolean;
  readonly cwd: string;
  /** For its standard input. */
  readonly input: string;
  readonly timeoutMs: number;
}

export type RunAnswer =
  | { readonly kind: 'ended'; readonly stdout: string }
  | { readonly kind: 'failed'; readonly why: string };

/** Enough for a path, or for a line that says what failed. */
const MAX_OUTPUT = 64 * 1024;

/** Runs a small program on a rung to its end, and returns its output. Never rejects. */
export function runIsolated(
  way: IsolationWay,
  asked: ProgramToIsolate,
  { channel, cwd, input, timeoutMs }: RunIsolatedOptions,
): Promise<RunAnswer> {
  const program = way.isolate(asked, { channel });
  return new Promise((resolve) => {
    const child = spawn(program.file, program.args, {
      cwd,
      env: program.environment,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    const timer = setTimeout(() => {
      if (child.pid !== undefined) endGroup(child.pid, way);
      finish({ kind: 'failed', why: `it did not end within ${timeoutMs / 1000} s` });
    }, timeoutMs);
    const finish = (answer: RunAnswer): void => {
      clearTimeout(timer);
      // Another process may still hold them, and must not keep us waiting.
      for (const stream of child.stdio) stream?.destroy();
      child.unref();
      resolve(answer);
    };
    child.stdout.on('data', (chunk: Buffer) => {
      stdout = (stdout + chunk.toString('utf8')).slice(0, MAX_OUTPUT);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString('utf8')).slice(-MAX_OUTPUT);
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(program.preamble + input);
    child.once('error', (error) => finish({ kind: 'failed', why: error.message }));
    child.once('close', (code, signal) => {
      if (code === 0) return finish({ kind: 'ended', stdout });
      const how = signal === null ? `it ended with code ${String(code)}` : `it ended by ${signal}`;
      finish({ kind: 'failed', why: stderr.trim().split('\n').at(-1) || how });
    });
  });
}

/** Sends SIGKILL to a whole process group, also to processes of another user. */
export function endGroup(group: number, way: IsolationWay): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // The group has ended already, or it belongs to another user.
  }
  const foreign = way.killGroup?.(group);
  if (foreign === undefined) return;
  spawn(foreign.file, foreign.args, { stdio: 'ignore', env: foreign.environment })
    .on('error', () => undefined)
    .unref();
}
