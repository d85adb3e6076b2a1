import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * The processors that this process may run on, by the kernel's numbers; empty where they are not known: anywhere
 * but on Linux.
 */
export function allowedProcessors(): readonly number[] {
  try {
    return processorsIn(readFileSync('/proc/self/status', 'utf8'));
  } catch {
    return [];
  }
}

/** Reads `Cpus_allowed_list: 0-3,8` of a `/proc/PID/status` (proc_pid_status(5)). */
export function processorsIn(status: string): readonly number[] {
  const list = /^Cpus_allowed_list:\s*([\d,-]+)$/mu.exec(status)?.[1] ?? '';
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number);
    if (range === '' || first === undefined || last === undefined) return [];
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/**
 * Keeps a process, and those that came from it, on one processor with all of their threads.
 *
 * The threads of a replay worker take turns: one hands over to the next some forty times for each history. On
 * several processors each turn wakes one that sleeps, which costs more than what is then done.
 *
 * Only `taskset` (a part of util-linux) can do it. Where it is not there, or fails, the kernel goes on choosing:
 * then replays are slower and nothing else.
 *
 * @param environment what `taskset` sees, and so whoever can look into it: never our own
 */
export function keepOn(
  processor: number,
  pid: number,
  environment: Readonly<Record<string, string>>,
): void {
  for (const one of [pid, ...descendantsOf(pid)]) {
    const args = ['--all-tasks', '--pid', '--cpu-list', String(processor), String(one)];
    spawn('taskset', args, { stdio: 'ignore', env: environment })
      .on('error', () => undefined)
      .unref();
  }
}

/** What is started on a rung of isolation has other processes before it. */
function descendantsOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/u.test(one))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The program's name is in brackets and may hold anything; the parent comes second behind it.
      const parent = /^ \S+ (\d+) /u.exec(stat.slice(stat.lastIndexOf(')') + 1))?.[1];
      parents.set(Number(name), Number(parent));
    } catch {
      // It has just ended.
    }
  }
  const below = (parent: number): number[] =>
    [...parents].flatMap(([child, its]) => (its === parent ? [child, ...below(child)] : []));
  return below(pid);
}
