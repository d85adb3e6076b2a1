import {
  appendFileSync,
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from './make-folder.js';

/**
 * Writes a file that is whole or absent, also for concurrent readers and on a full disk: it gets its name
 * last. Makes its folder.
 *
 * @throws the file system's error, and then leaves nothing of the file
 */
export function writeWhole(path: string, content: string | Uint8Array): void {
  makeFolder(dirname(path));
  const partial = `${path}.partial`;
  try {
    // A link in its place could lead anywhere, and code under test may have put it there.
    rmSync(partial, { force: true });
    writeFileSync(partial, content, { flag: 'wx' });
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

/**
 * Appends all of the content or nothing to a file that others write to as well.
 *
 * @throws the file system's error, and then the file is as it was
 */
export function appendWhole(path: string, content: string): void {
  const file = openSync(path, 'a');
  try {
    const before = fstatSync(file);
    try {
      appendFileSync(file, content);
    } catch (error) {
      if (before.isFile()) ftruncateSync(file, before.size);
      throw error;
    }
  } finally {
    closeSync(file);
  }
}
