import { spawnSync } from 'node:child_process';

/** Milliseconds that the program may take; it takes five. */
const TIMEOUT_MS = 5_000;

/**
 * Keeps this process, with all of its threads, on one processor.
 *
 * The threads of a replay worker take turns: one hands over to the next some forty times for each history. On
 * several processors each turn wakes a processor that sleeps, which costs more than what is then done.
 *
 * Node cannot do it by itself. Where `taskset` (a part of util-linux) is not there, the kernel chooses: then
 * replays are slower and nothing else.
 */
export function keepTo(processor: number): void {
  const args = ['--all-tasks', '--pid', '--cpu-list', String(processor), String(process.pid)];
  spawnSync('taskset', args, { stdio: 'ignore', timeout: TIMEOUT_MS });
}
