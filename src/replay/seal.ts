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

/** The parts of a process that sealing needs. Node has `execve` since 22.15. */
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
 * Makes this process unreadable for other processes of the same user. It starts the program again from a copy
 * that nobody may read. The kernel then protects the whole process: its environment, its memory and its
 * descriptors under /proc belong to root.
 *
 * This must come first, because the program starts again from its beginning. It does nothing where it cannot help:
 * outside Linux, as root, and before Node 22.15. A failure only costs the seal.
 */
export function seal(self: SealableProcess): void {
  const { execPath, execve } = self;
  const own = dirname(execPath);
  if (basename(own).startsWith(FOLDER)) {
    // We are the copy. A running program does not need its file.
    rmSync(own, { recursive: true, force: true });
    return;
  }
  if (self.platform !== 'linux' || self.getuid?.() === 0 || execve === undefined) return;
  let folder: string | undefined;
  try {
    // A kernel that dumps such processes does not protect them either.
    if (readFileSync('/proc/sys/fs/suid_dumpable', 'utf8').trim() === '1') return;
    folder = mkdtempSync(join(tmpdir(), FOLDER));
    const copy = join(folder, 'node');
    copyFileSync(execPath, copy, constants.COPYFILE_FICLONE);
    chmodSync(copy, 0o111);
    // A failed execve would end this process: the folder may forbid programs, or the copy may miss its libraries.
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

/** Whether the kernel protects this process: then it cannot read even its own environment file. */
export function isSealed(): boolean {
  try {
    readFileSync('/proc/self/environ');
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}
