import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../model/user-error.js';
import { makeFolder } from './make-folder.js';

/**
 * A folder that is whole or not there: its files are written beside it, and it gets its name last. They are for the
 * owner's eyes only.
 */
export class WholeFolder {
  private readonly path: string;
  private readonly partial: string;

  private constructor(path: string, partial: string) {
    this.path = path;
    this.partial = partial;
  }

  /**
   * @param path absolute
   * @throws UserError where there is something already, or no folder can be made there
   */
  static open(path: string): WholeFolder {
    refuseTaken(path);
    try {
      makeFolder(dirname(path));
      return new WholeFolder(path, mkdtempSync(join(dirname(path), `.${basename(path)}.partial-`)));
    } catch (error) {
      throw notWritten(error);
    }
  }

  /** @throws UserError where it cannot be written */
  write(name: string, content: string | Uint8Array): void {
    try {
      writeFileSync(join(this.partial, name), content, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      throw notWritten(error);
    }
  }

  /** @throws UserError where something has come to its place meanwhile */
  finish(): void {
    try {
      renameSync(this.partial, this.path);
    } catch (error) {
      refuseTaken(this.path);
      throw notWritten(error);
    }
  }

  /** Leaves nothing. Does nothing after `finish`. */
  discard(): void {
    rmSync(this.partial, { recursive: true, force: true });
  }
}

function refuseTaken(path: string): void {
  let found: string;
  try {
    const entries = readdirSync(path);
    if (entries.length === 0) return;
    found = `holds ${entries.length === 1 ? '1 entry' : `${entries.length} entries`}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    found = code === 'ENOTDIR' ? 'is a file' : `cannot be read (${String(code)})`;
  }
  throw new UserError({
    found: `The folder to write ${found}`,
    expected: 'an empty folder, or none',
    fix: 'name another folder, or empty this one',
  });
}

function notWritten(error: unknown): UserError {
  return new UserError(
    {
      found: `The files cannot be written (${(error as Error).message})`,
      expected: 'a folder with room in a place where files can be made',
      fix: 'free space on the disk, or name another folder; nothing was left there',
    },
    { cause: error },
  );
}
