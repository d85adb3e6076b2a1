import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface MeasuredRun {
  readonly stdout: string;
  readonly stderr: string;
  /** `VmHWM` of the process itself, as the kernel keeps it; its children are not in it. */
  readonly peakBytes: number;
  readonly seconds: number;
}

/** Runs node with these arguments and reads its peak resident memory (Linux only). */
export async function runWithPeakMemory(
  args: readonly string[],
  cwd: string,
): Promise<MeasuredRun> {
  const began = performance.now();
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  let peakBytes = 0;
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  // The high-water mark only grows: the last look before the end is short of it by a moment at most.
  const look = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${String(child.pid)}/status`, 'utf8');
      peakBytes = Math.max(peakBytes, Number(/^VmHWM:\s+(\d+) kB/mu.exec(status)?.[1] ?? 0) * 1024);
    } catch {
      // It has just ended.
    }
  }, 20);
  await new Promise((resolve) => child.once('close', resolve));
  clearInterval(look);
  return { stdout, stderr, peakBytes, seconds: (performance.now() - began) / 1000 };
}
