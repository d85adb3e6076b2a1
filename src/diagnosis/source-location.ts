import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, relative, sep } from 'node:path';
import { isInside, realPathOf } from '../files/paths.js';
import type { SourceLocation } from '../model/source-location.js';
import { truncate } from '../untrusted/readable.js';

/** A frame as a replayer reports it: an absolute path on this machine. */
export interface Frame {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** The frames of the application that called it, from the innermost outwards. */
  readonly callers?: readonly Frame[] | undefined;
}

/** A place and the calls that lead to it, from the innermost outwards. */
export function framesOf(frame: Frame): readonly Frame[] {
  const { file, line, column, callers = [] } = frame;
  return [{ file, line, column }, ...callers];
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

/** The text of the file that a place is in; undefined where it is no file of the repository. */
export function sourceText(frame: Frame, workspace: string): string | undefined {
  const { file } = frame;
  if (file === undefined) return undefined;
  const place = sourceLocation({ file, line: frame.line ?? 1 }, workspace);
  return place === undefined ? undefined : readFileSync(file, 'utf8');
}

/** Longer lines are cut. */
const MAX_LINE = 200;

/** The text of a line of a checkout, without the space around it. Undefined where the line is not there, or empty. */
export function lineAt(
  location: SourceLocation | undefined,
  root: string | undefined,
): string | undefined {
  if (location === undefined || root === undefined) return undefined;
  const text = sourceText({ file: join(root, location.file) }, root);
  const line = text?.split(/\r?\n/u, location.line)[location.line - 1]?.trim();
  return line === undefined || line === '' ? undefined : truncate(line, MAX_LINE);
}

/** The files of the same language in the folder of a file of the repository. */
export function filesBeside(file: string, workspace: string): string[] {
  if (sourceLocation({ file, line: 1 }, workspace) === undefined) return [];
  const folder = dirname(file);
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && extname(entry.name) === extname(file))
    .map(({ name }) => join(folder, name))
    .sort();
}

/** Whether the source names something in quotes, from the line below a place on to the end of its file. */
export function quotesBelow(frame: Frame, name: string, workspace: string): boolean {
  return quotedLine(frame, name, workspace, frame.line ?? 0) !== undefined;
}

/** The first line of a place's file, below a line, that names something in quotes. */
export function quotedLine(
  frame: Frame,
  name: string,
  workspace: string,
  below = 0,
): Frame | undefined {
  const { file } = frame;
  const text = name === '' ? undefined : sourceText(frame, workspace);
  if (file === undefined || text === undefined) return undefined;
  const lines = text.split(/\r?\n/u);
  const index = lines.findIndex(
    (line, at) =>
      at >= below && ["'", '"', '`'].some((quote) => line.includes(quote + name + quote)),
  );
  return index === -1 ? undefined : { file, line: index + 1 };
}

/** Frames, and the absolute real path of the checkout that they are in. */
export interface Side {
  readonly frames: readonly Frame[];
  readonly root: string;
}

/**
 * Whether the files of the repository in which either side has a frame are the same in both checkouts.
 * False where there are none, because that would say nothing.
 */
export function haveSameSources(one: Side, other: Side): boolean {
  const files = new Set([...pathsOf(one), ...pathsOf(other)]);
  return files.size > 0 && [...files].every((file) => isSameFile(file, one.root, other.root));
}

function pathsOf({ frames, root }: Side): string[] {
  const files = new Map(frames.map(({ file, line }) => [file, line]));
  return [...files].flatMap(([file, line]) => sourceLocation({ file, line }, root)?.file ?? []);
}

function isSameFile(path: string, one: string, other: string): boolean {
  const [here, there] = [join(one, path), join(other, path)];
  return existsSync(here) && existsSync(there) && readFileSync(here).equals(readFileSync(there));
}
