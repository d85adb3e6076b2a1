import { realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep, basename, isAbsolute } from 'node:path';

/** The path with every link resolved. For a path that does not exist, only its existing part is resolved. */
export function realPathOf(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync(absolute);
  } catch {
    const parent = dirname(absolute);
    return parent === absolute ? absolute : join(realPathOf(parent), basename(absolute));
  }
}

/** Whether `path` is `folder` or lies below it. Both must be real paths. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** Whether it is a regular file, also by a link. A read from a device or a pipe could last for ever. */
export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
