import { readFileSync } from 'node:fs';

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
