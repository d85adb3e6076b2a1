import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { given } from './skip-unless.js';

/** A file system that is soon full. */
export interface TinyDisk {
  readonly path: string;
  unmount(): void;
}

const user = process.getuid?.();

/** What mounting one needs. */
export const TINY_DISK = given(
  process.platform === 'linux' && asRoot('true'),
  'it needs Linux, and root or sudo without a password, to mount a disk',
);

/** @throws Error where this machine does not let us: see TINY_DISK */
export function mountTinyDisk(kibibytes: number): TinyDisk {
  const path = mkdtempSync(join(tmpdir(), 'tiny-disk-'));
  const options = `size=${kibibytes}k,nr_inodes=1k,uid=${user ?? 0},mode=700`;
  if (!asRoot('mount', '-t', 'tmpfs', '-o', options, 'tmpfs', path)) {
    rmSync(path, { recursive: true });
    throw new Error('a tiny disk could not be mounted');
  }
  return {
    path,
    unmount: () => {
      // Lazily: a process that is just ending may still have a file open.
      asRoot('umount', '-l', path);
      rmSync(path, { recursive: true, force: true });
    },
  };
}

function asRoot(...command: readonly string[]): boolean {
  const [program = '', ...args] = user === 0 ? command : ['sudo', '-n', ...command];
  return spawnSync(program, args).status === 0;
}
