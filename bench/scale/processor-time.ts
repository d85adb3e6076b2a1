import { readdirSync, readFileSync } from 'node:fs';

/** The kernel counts in hundredths of a second on every platform that Node runs on. */
const TICK_MS = 10;

/** Milliseconds of processor time of all living children of this process, theirs included (Linux only). */
export function cpuMsOfChildren(): number {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .flatMap((name) => {
      const stat = statOf(name);
      return stat === undefined ? [] : [stat];
    });
  const below = (parent: number): number =>
    processes
      .filter((one) => one.parent === parent)
      .reduce((sum, one) => sum + one.ticks + below(one.pid), 0);
  return below(process.pid) * TICK_MS;
}

function statOf(pid: string): { pid: number; parent: number; ticks: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name is in brackets, and may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
    return { pid: Number(pid), parent: parent ?? 0, ticks: (user ?? 0) + (system ?? 0) };
  } catch {
    // It has just ended.
    return undefined;
  }
}
