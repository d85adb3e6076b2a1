import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './project-root.js';

/** How long each test file took when `npm test -- --record` ran, two at a time on two cores; the longest run first. */
const FILE = join(projectRoot, 'testing', 'seconds.json');

type Seconds = Readonly<Record<string, number>>;

const recorded = JSON.parse(readFileSync(FILE, 'utf8')) as Seconds;

/** Zero for a file that no recorded run had. */
export function secondsOf(path: string): number {
  return recorded[path] ?? 0;
}

/** Keeps these, and those of other files that are still there. */
export function recordSeconds(
  run: Iterable<readonly [path: string, seconds: number]>,
  paths: readonly string[],
): void {
  const seconds = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, number>;
  for (const [path, took] of run) seconds[path] = Math.ceil(took);
  const kept = Object.entries(seconds)
    .filter(([path]) => paths.includes(path))
    .toSorted(([one], [other]) => one.localeCompare(other));
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(kept), undefined, 2)}\n`);
}
