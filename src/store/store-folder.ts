import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, lstat, mkdir, open, readdir, rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/** More than the largest history that a server keeps. A larger file is not ours. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

/** Milliseconds after which an unfinished file counts as abandoned. */
const ABANDONED_MS = 60 * 60 * 1000;

const ENTRY = /^[0-9a-f]{64}$/u;
const PARTIAL = /\.partial$/u;

/**
 * The folder of a store. Code under test may run as the same user and change it in any way. So no link in it is
 * followed, no pipe is waited for, and only regular files count.
 */
export class StoreFolder {
  private readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Makes the folder if it is missing, readable only for its owner. Rejects where that fails. */
  static async open(path: string): Promise<StoreFolder> {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await chmod(path, 0o700);
    return new StoreFolder(path);
  }

  /** Undefined where there is no such file. Rejects where it cannot be read. */
  async read(name: string): Promise<Buffer | undefined> {
    let file;
    try {
      // A link leads elsewhere, and a pipe would be waited for.
      const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
      file = await open(join(this.path, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      const stat = await file.stat();
      if (!stat.isFile() || stat.size > MAX_FILE_BYTES) throw new Error('it is no file of a store');
      const bytes = Buffer.alloc(stat.size);
      let length = 0;
      while (length < bytes.length) {
        const { bytesRead } = await file.read(bytes, length, bytes.length - length, length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return bytes.subarray(0, length);
    } finally {
      await file.close();
    }
  }

  /** The file gets its name only when it is whole. */
  async write(name: string, bytes: Buffer): Promise<void> {
    const partial = join(this.path, `${name}.${randomUUID()}.partial`);
    const file = await open(partial, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.close();
      await rename(partial, join(this.path, name));
    } catch (error) {
      await file.close().catch(() => undefined);
      await rm(partial, { force: true });
      throw error;
    }
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.path, name), { force: true, recursive: true });
  }

  /** Notes that an entry was used: `prune` removes the least recently used first. */
  async touch(name: string): Promise<void> {
    const now = new Date();
    await utimes(join(this.path, name), now, now);
  }

  async removeEntries(): Promise<void> {
    for (const name of await readdir(this.path)) if (ENTRY.test(name)) await this.remove(name);
  }

  /** Removes the least recently used files until at most so many bytes and files are left. */
  async prune(maxBytes: number, maxFiles: number): Promise<void> {
    const entries: { readonly name: string; readonly size: number; readonly usedAt: number }[] = [];
    for (const name of await readdir(this.path)) {
      const isEntry = ENTRY.test(name);
      if (!isEntry && !PARTIAL.test(name)) continue;
      const stat = await lstat(join(this.path, name)).catch(() => undefined);
      if (stat === undefined) continue;
      if (isEntry) entries.push({ name, size: stat.size, usedAt: stat.mtimeMs });
      else if (Date.now() - stat.mtimeMs > ABANDONED_MS) await this.remove(name);
    }
    entries.sort((a, b) => b.usedAt - a.usedAt);
    let bytes = 0;
    for (const [place, { name, size }] of entries.entries()) {
      bytes += size;
      if (bytes > maxBytes || place >= maxFiles) await this.remove(name);
    }
  }
}
