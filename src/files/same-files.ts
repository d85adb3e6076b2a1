import { readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { isInside } from './paths.js';

/** The folder and those above it, up to the checkout's root. */
export function foldersUpTo(root: string, folder: string): string[] {
  return folder === root || !isInside(folder, root)
    ? [root]
    : [folder, ...foldersUpTo(root, dirname(folder))];
}

/** Each byte is a character; undefined where it is no file. */
export function textOf(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
    ? readFileSync(path, 'latin1')
    : undefined;
}

/** Whether a path below `root` is the same byte for byte below `other`; also where neither has it. */
export function isSame(root: string, other: string, path: string): boolean {
  return textOf(path) === textOf(join(other, relative(root, path)));
}
