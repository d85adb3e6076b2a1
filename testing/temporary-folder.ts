import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atOurEnd } from './janitor.js';

/** A new empty folder, which is removed when this process ends, if not earlier. */
export async function temporaryFolder(name: string): Promise<string> {
  // Resolved, because macOS keeps its temporary folder behind a link and programs report real paths.
  const folder = await mkdtemp(join(await realpath(tmpdir()), `${name}-`));
  atOurEnd({ remove: folder });
  return folder;
}

export async function removeFolder(folder: string): Promise<void> {
  // A program that is being killed can write once more while its folder is being emptied.
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
