import { readdir, readFile } from 'node:fs/promises';

/**
 * The processes whose environment holds a marker, such as the path of a folder that only one run was
 * given: how to find what a program left behind, wherever it works and whoever its parent is by then. Only
 * Linux tells; elsewhere none is found.
 */
export async function processesOf(marker: string): Promise<readonly number[]> {
  if (process.platform !== 'linux') return [];
  const found: number[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/u.test(entry) || Number(entry) === process.pid) continue;
    // A process can end while we look; what is only waiting to be buried has no environment any more.
    const environment = await readFile(`/proc/${entry}/environ`, 'utf8').catch(() => '');
    if (environment.includes(marker)) found.push(Number(entry));
  }
  return found;
}
