import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from './error-code.js';
import { atOurEnd } from './janitor.js';

export interface OwnedProcess {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<ProcessEnd>;
  /** SIGTERM, and SIGKILL for its whole process group after some seconds. */
  stop(): Promise<void>;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Milliseconds between SIGTERM and SIGKILL. */
const GRACE_MS = 5_000;

const running = new Set<OwnedProcess>();

export interface OwnedProcessOptions extends SpawnOptions {
  /** It may still run when we have nothing else to do, and then ends with us: a server. */
  readonly isService?: boolean;
}

/**
 * Starts a program that cannot outlive us.
 *
 * @throws Error when the program cannot be started.
 */
export async function startProcess(
  command: string,
  args: readonly string[],
  { isService = false, ...options }: OwnedProcessOptions = {},
): Promise<OwnedProcess> {
  // A process group of its own, so that what the program starts ends with it.
  const child = spawn(command, args, { ...options, detached: true });
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  await once(child, 'spawn');
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} has no process id`);
  atOurEnd({ kill: pid });
  if (isService) child.unref();
  const owned: OwnedProcess = {
    pid,
    child,
    ended,
    async stop() {
      child.ref();
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        const patience = new AbortController();
        const graceOver = sleep(GRACE_MS, undefined, { signal: patience.signal });
        await Promise.race([ended, graceOver.catch(() => undefined)]);
        patience.abort();
      }
      killGroup(pid);
      await ended;
    },
  };
  running.add(owned);
  void ended.then(() => {
    running.delete(owned);
    atOurEnd({ ended: pid });
  });
  return owned;
}

/** Stops everything that was started and not stopped yet, all at once. */
export async function stopAllProcesses(): Promise<void> {
  await Promise.all([...running].map((owned) => owned.stop()));
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: everything in the group has ended by itself, as it should.
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}
