import { spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Name of the folder that holds the program of a sealed process, and nothing else. */
const FOLDER = 'replay-action-sealed-';

/** The parts of a process that sealing needs; Node has `execve` since 22.15. */
export interface SealableProcess {
  readonly platform: NodeJS.Platform;
  readonly execPath: string;
  readonly execArgv: readonly string[];
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly getuid?: () => number;
  readonly execve?: (file: string, args: readonly string[], env: NodeJS.ProcessEnv) => void;
}

/**
 * Makes this process unreadable for others of the same user, by starting its program anew from a copy that
 * nobody may read: the kernel then treats the whole process as one that must not be looked into, and its
 * environment, its memory and its descriptors under /proc are root's.
 *
 * It comes first of all, because everything that was done before is done again. It does nothing where it cannot
 * help, or could not: elsewhere than on Linux, as root, and before Node 22.15. What fails costs the seal, and
 * nothing else.
 */
export function seal(self: SealableProcess): void {
  const { execPath, execve } = self;
  const own = dirname(execPath);
  if (basename(own).startsWith(FOLDER)) {
    // We are the copy, which is running and needs its file no more.
    rmSync(own, { recursive: true, force: true });
    return;
  }
  if (self.platform !== 'linux' || self.getuid?.() === 0 || execve === undefined) return;
  let folder: string | undefined;
  try {
    // Where it dumps such processes all the same, it guards none of them.
    if (readFileSync('/proc/sys/fs/suid_dumpable', 'utf8').trim() === '1') return;
    folder = mkdtempSync(join(tmpdir(), FOLDER));
    const copy = join(folder, 'node');
    copyFileSync(execPath, copy, constants.COPYFILE_FICLONE);
    chmodSync(copy, 0o111);
    // A failed execve would end us: the folder may forbid programs, and a copy may miss its libraries.
    accessSync(copy, constants.X_OK);
    if (spawnSync(copy, ['--version'], { timeout: 5_000, env: {} }).status === 0) {
      const args = [...self.execArgv, ...self.argv.slice(1)];
      execve.call(self, copy, [execPath, ...args], self.env);
    }
  } catch {
    // The report says that it is not sealed.
  }
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}

/** Whether the kernel guards this process, by the most telling of what it guards. */
export function isSealed(): boolean {
  try {
    readFileSync('/proc/self/environ');
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}
