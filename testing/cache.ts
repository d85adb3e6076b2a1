import { mkdir, open, readFile, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from './error-code.js';
import { removeFolder } from './temporary-folder.js';

/** Milliseconds between two looks at a lock that someone else holds. */
const LOCK_POLL_MS = 250;

/** Milliseconds between two signs of life that the holder of a lock leaves on it. */
const LOCK_HEARTBEAT_MS = 5_000;

/** A lock without a sign of life for so long is broken, even when its process seems to be there. */
const LOCK_STALE_MS = 60_000;

/**
 * The folder `name` of the cache, built first when it is not there.
 *
 * `build` fills an empty folder beside the final one, which then gets its name in one step: a build
 * that was interrupted leaves nothing that looks finished. Of several processes that want the same
 * folder one builds and the others wait. The lock only saves work: should two builds ever run, the
 * first to finish is kept.
 */
export async function cached(
  name: string,
  build: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = cachedFolder(name);
  if (await exists(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const unlock = await lock(`${folder}.lock`);
  try {
    if (!(await exists(folder))) await buildInto(folder, build);
    return folder;
  } finally {
    await unlock();
  }
}

/** Where `cached(name, …)` puts its result, whether it is there or not. */
export function cachedFolder(name: string): string {
  return join(cacheRoot(), name);
}

export async function isCached(name: string): Promise<boolean> {
  return exists(cachedFolder(name));
}

/** What is built or downloaded once lives here; deleting the folder is always safe. */
export function cacheRoot(): string {
  const chosen = process.env['REPLAY_ACTION_CACHE'];
  return chosen ? resolve(chosen) : join(import.meta.dirname, '..', '.cache');
}

async function buildInto(folder: string, build: (folder: string) => Promise<void>): Promise<void> {
  const unfinished = `${basename(folder)}.building-`;
  for (const entry of await readdir(dirname(folder))) {
    if (entry.startsWith(unfinished)) await removeFolder(join(dirname(folder), entry));
  }
  const temporary = join(dirname(folder), `${unfinished}${randomUUID()}`);
  await mkdir(temporary);
  try {
    await build(temporary);
    await rename(temporary, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await removeFolder(temporary);
  }
}

async function lock(path: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      const heartbeat = setInterval(() => {
        const now = new Date();
        utimes(path, now, now).catch(() => undefined);
      }, LOCK_HEARTBEAT_MS);
      heartbeat.unref();
      return async () => {
        clearInterval(heartbeat);
        await rm(path, { force: true });
      };
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
    if (await isStale(path)) await rm(path, { force: true });
    else await sleep(LOCK_POLL_MS);
  }
}

async function isStale(path: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > LOCK_STALE_MS) return true;
    const holder = Number(await readFile(path, 'utf8'));
    // A holder that was just now creating the file has not written its number yet.
    return holder > 0 && !isAlive(holder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}
