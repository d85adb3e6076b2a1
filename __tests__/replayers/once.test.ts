import { expect } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { once } from '../../replayers/common/once.js';
import { LINUX, skipUnless } from '../../testing/skip-unless.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';

/** What is made once for all processes of a run, by whichever comes first. */

const onLinux = skipUnless(LINUX).test;

/** A lock as a process leaves it that is not there any more. */
async function lockedBy(numbering: string): Promise<{ scratch: string; lock: string }> {
  const scratch = await temporaryFolder('scratch');
  const { pid } = spawnSync('true');
  const lock = join(scratch, 'made.lock');
  mkdirSync(lock);
  writeFileSync(join(lock, 'pid'), `${pid} ${numbering}`);
  return { scratch, lock };
}

const made = (scratch: string): Promise<string> => once(scratch, 'made', () => undefined);

onLinux('a process that was killed while it made it leaves it to the next', async () => {
  const { scratch } = await lockedBy(readlinkSync('/proc/self/ns/pid'));
  expect(await made(scratch)).toBe(join(scratch, 'made'));
});

onLinux('a number of another namespace tells nothing: it is waited for', async () => {
  const { scratch, lock } = await lockedBy('pid:[1]');
  const making = made(scratch);
  expect(await Promise.race([making, sleep(300, 'waits')])).toBe('waits');
  rmSync(lock, { recursive: true });
  expect(await making).toBe(join(scratch, 'made'));
});
