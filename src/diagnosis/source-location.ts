import { existsSync, readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { isInside, realPathOf } from '../inputs/paths.js';
import type { SourceLocation } from '../model/finding.js';

/** A frame as a replayer reports it: an absolute path on this machine. */
export interface Frame {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/**
 * The frame as a place that GitHub can show: a file of the repository, relative to its root. Undefined
 * for anything else (installed packages, files outside the checkout, files that do not exist), because an
 * annotation on a path that GitHub does not know is shown nowhere.
 */
export function sourceLocation(frame: Frame, workspace: string): SourceLocation | undefined {
  const { file, line, column } = frame;
  if (file === undefined || line === undefined || !existsSync(file)) return undefined;
  const real = realPathOf(file);
  if (!isInside(real, workspace)) return undefined;
  const path = relative(workspace, real).split(sep).join('/');
  if (/(?:^|\/)node_modules\//u.test(path)) return undefined;
  return { file: path, line, ...(column === undefined ? {} : { column }) };
}

/**
 * Whether the source goes on to mention a name, from the line below a place on to the end of its file.
 * Names in the line itself are those of the command that is there.
 */
export function mentionsBelow(frame: Frame, name: string, workspace: string): boolean {
  const { file, line } = frame;
  if (file === undefined || line === undefined || name === '') return false;
  if (sourceLocation(frame, workspace) === undefined) return false;
  const below = readFileSync(file, 'utf8').split('\n').slice(line).join('\n');
  const word = name.replace(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`);
  return new RegExp(`(?<![\\p{L}\\p{N}_$])${word}(?![\\p{L}\\p{N}_$])`, 'u').test(below);
}
