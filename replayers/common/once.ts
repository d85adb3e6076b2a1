import {
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fatal } from './fatal.js';

/** Milliseconds between two looks at what another process makes. */
const POLL_MS = 50;

/**
 * Makes a folder below `scratch` once for all processes of a run. The first makes it, and the others wait. When it
 * fails, all throw the same error.
 *
 * @param make fills an empty folder, which gets its name only when it is whole
 */
export async function once(
  scratch: string,
  name: string,
  make: (folder: string) => void,
): Promise<string> {
  const folder = join(scratch, name);
  const failure = `${folder}-failed.json`;
  const lock = `${folder}.lock`;
  for (;;) {
    if (existsSync(folder)) return folder;
    if (existsSync(failure)) {
      const { message, hint } = JSON.parse(readFileSync(failure, 'utf8')) as Fatal;
      throw new Fatal(message, hint);
    }
    if (isTaken(lock)) {
      // Not named by our process number: in another namespace another process can have the same.
      const unfinished = `${folder}.${randomUUID()}`;
      try {
        mkdirSync(unfinished, { recursive: true, mode: 0o700 });
        make(unfinished);
        renameSync(unfinished, folder);
        return folder;
      } catch (error) {
        if (error instanceof Fatal) {
          const { message, hint } = error;
          writeFileSync(`${unfinished}.json`, JSON.stringify({ message, hint }));
          renameSync(`${unfinished}.json`, failure);
        }
        throw error;
      } finally {
        rmSync(lock, { recursive: true, force: true });
      }
    }
    await sleep(POLL_MS);
  }
}

/** Takes the lock, also from a process that was killed while it held it. */
function isTaken(lock: string): boolean {
  try {
    mkdirSync(lock);
    writeFileSync(join(lock, 'pid'), `${process.pid} ${numbering()}`);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  try {
    const [pid, whose] = readFileSync(join(lock, 'pid'), 'utf8').split(' ');
    const holder = Number(pid);
    // Of a process in another namespace we cannot know: it counts as alive.
    if (holder > 0 && whose === numbering() && !isAlive(holder))
      rmSync(lock, { recursive: true, force: true });
  } catch {
    // The lock was just released, or its holder has not written its number yet.
  }
  return false;
}

/** The namespace of our process numbers. */
function numbering(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return 'one for all';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
