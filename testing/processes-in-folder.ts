import { readdir, readlink } from 'node:fs/promises';
import { sep } from 'node:path';

/**
 * The processes that work in a folder or below it: how to find what a program left behind, whatever
 * its environment and parent are by then. Only Linux tells; elsewhere the answer is `undefined`.
 */
export async function processesInFolder(folder: string): Promise<readonly number[] | undefined> {
  if (process.platform !== 'linux') return undefined;
  const found: number[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/u.test(entry)) continue;
    // A process can end while we look, and those of other users do not tell.
    const workingDirectory = await readlink(`/proc/${entry}/cwd`).catch(() => '');
    if (workingDirectory === folder || workingDirectory.startsWith(folder + sep)) {
      found.push(Number(entry));
    }
  }
  return found;
}
