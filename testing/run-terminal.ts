import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from './project-root.js';
import { startProcess } from './processes.js';

export interface TerminalResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built tool for the terminal, in a folder, with no more of this environment than a person's would have. */
export async function runTerminal(
  cwd: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  /** Called with the process when it has written to the standard error for the first time. */
  onFirstWords: (child: ChildProcess) => void = () => undefined,
): Promise<TerminalResult> {
  const { PATH = '', HOME = '/' } = process.env;
  const owned = await startProcess(
    process.execPath,
    [join(projectRoot, 'dist', 'terminal', 'index.js'), ...args],
    { cwd, env: { PATH, HOME, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const text = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    owned.child[stream]?.on('data', (chunk: Buffer) => (text[stream] += chunk.toString('utf8')));
  }
  owned.child.stderr?.once('data', () => onFirstWords(owned.child));
  // Only then nothing more comes out of it.
  await once(owned.child, 'close');
  return { exitCode: owned.child.exitCode, ...text };
}
