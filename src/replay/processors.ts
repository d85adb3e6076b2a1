import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * The processors that this process may run on, by the kernel's numbers. Only Linux tells them; elsewhere this is
 * empty.
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
 * Keeps a process and its descendants on one processor, with all of their threads.
 *
 * The threads of a replay worker take turns, about forty times for each history. On several processors each turn
 * wakes a sleeping processor, which costs more than the work of the turn.
 *
 * This needs `taskset` (a part of util-linux). Without it the kernel chooses the processors, and replays are only
 * slower.
 *
 * @param environment variables of `taskset`: never our own, because others may look into that process
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

/** A program on a rung of isolation is a descendant of other processes. */
function descendantsOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/u.test(one))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The program's name is in brackets and may hold anything. The parent is the second field after it.
      const parent = /^ \S+ (\d+) /u.exec(stat.slice(stat.lastIndexOf(')') + 1))?.[1];
      parents.set(Number(name), Number(parent));
    } catch {
      // The process has just ended.
    }
  }
  const below = (parent: number): number[] =>
    [...parents].flatMap(([child, its]) => (its === parent ? [child, ...below(child)] : []));
  return below(pid);
}
