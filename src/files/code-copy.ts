import { constants, existsSync } from 'node:fs';
import {
  copyFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { LinesEdit } from '../model/proof.js';
import { UserError } from '../model/user-error.js';
import { isInside, realPathOf } from './paths.js';

/** A larger application is not copied: that would take longer than its replays. */
const MAX_FILES = 20_000;
const MAX_BYTES = 256 * 1024 * 1024;

/** Not code, or made anew. */
const LEFT_OUT: ReadonlySet<string> = new Set(['.git', '__pycache__']);

/** Installed packages, and environments of Python. They are read, and never written. */
const LINKED: ReadonlySet<string> = new Set(['node_modules', '.yarn']);

/** A copy of the workspace, in which edits are tried. The workspace itself is never written. */
export class CodeCopy {
  /** Absolute real path of the copy of the workspace. */
  readonly root: string;
  private readonly workspace: string;

  private constructor(workspace: string, root: string) {
    this.workspace = workspace;
    this.root = root;
  }

  /**
   * @param folder an empty folder of ours
   * @param without absolute real paths that are not copied
   * @throws UserError where the workspace is too large
   */
  static async make(
    workspace: string,
    folder: string,
    without: readonly string[],
    stop: AbortSignal,
  ): Promise<CodeCopy> {
    const root = join(realPathOf(folder), basename(workspace) || 'workspace');
    let [files, bytes] = [0, 0];
    const copy = async (from: string, to: string): Promise<void> => {
      await mkdir(to);
      for (const entry of await readdir(from, { withFileTypes: true })) {
        stop.throwIfAborted();
        const [source, target] = [join(from, entry.name), join(to, entry.name)];
        if (LEFT_OUT.has(entry.name) || without.includes(source)) continue;
        if (entry.isSymbolicLink()) {
          await symlink(await readlink(source), target);
        } else if (entry.isDirectory()) {
          if (LINKED.has(entry.name) || existsSync(join(source, 'pyvenv.cfg'))) {
            await symlink(source, target);
          } else await copy(source, target);
        } else if (entry.isFile()) {
          files += 1;
          bytes += (await lstat(source)).size;
          if (files > MAX_FILES || bytes > MAX_BYTES) throw tooLarge();
          await copyFile(source, target, constants.COPYFILE_FICLONE);
        }
      }
    };
    await copy(workspace, root);
    await linkPackagesAbove(workspace, dirname(root));
    return new CodeCopy(workspace, root);
  }

  /** The same place in the copy; a path elsewhere stays as it is. */
  at(path: string): string {
    const real = isAbsolute(path) ? realPathOf(path) : path;
    if (!isAbsolute(path) || !isInside(real, this.workspace)) return path;
    return join(this.root, real.slice(this.workspace.length));
  }

  /** Does work while these edits are in the copy. */
  async with<Result>(edits: readonly LinesEdit[], work: () => Promise<Result>): Promise<Result> {
    const undo: (() => Promise<void>)[] = [];
    try {
      for (const file of new Set(edits.map((edit) => edit.file))) {
        const path = join(this.root, file);
        const isOurs = realPathOf(path) === path && isInside(path, this.root);
        if (!isOurs || !(await lstat(path)).isFile())
          throw new Error(`${file} is no file of the copy`);
        const text = await readFile(path, 'utf8');
        undo.push(() => replace(path, text));
        await replace(
          path,
          withEdits(
            text,
            edits.filter((edit) => edit.file === file),
          ),
        );
      }
      return await work();
    } finally {
      for (const one of undo) await one();
    }
  }

  async remove(): Promise<void> {
    await rm(dirname(this.root), { recursive: true, force: true });
  }
}

/** As a new file: the old one could be a link that somebody else made meanwhile. */
async function replace(path: string, text: string): Promise<void> {
  const temporary = `${path}.replay-action-${process.pid}`;
  await writeFile(temporary, text, { flag: 'wx' });
  await rename(temporary, path);
}

/** @throws Error where the file does not hold what goes */
export function withEdits(text: string, edits: readonly LinesEdit[]): string {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text.split(/\r?\n/u);
  for (const { line, before, after, file } of [...edits].sort((a, b) => b.line - a.line)) {
    const gone = lines.splice(line - 1, before.length, ...after);
    if (gone.join('\n') !== before.join('\n')) throw new Error(`${file} has changed meanwhile`);
  }
  return lines.join(end);
}

/** Node also finds packages in the folders above the workspace. */
async function linkPackagesAbove(workspace: string, folder: string): Promise<void> {
  for (let above = dirname(workspace); ; above = dirname(above)) {
    const packages = join(above, 'node_modules');
    if (existsSync(packages)) return symlink(packages, join(folder, 'node_modules'));
    if (above === dirname(above)) return;
  }
}

function tooLarge(): UserError {
  return new UserError({
    found: `The workspace holds more than ${MAX_FILES} files or ${MAX_BYTES / 1024 / 1024} MiB besides installed packages`,
    expected: 'one that can be copied to try an edit',
  });
}
