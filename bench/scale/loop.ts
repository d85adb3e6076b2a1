import { writeFile } from 'node:fs/promises';
import { runCommand, type CommandOptions } from '../../testing/run-command.js';
import type { HistoryAtHand } from './recorded-histories.js';

/** What one program over histories at hand comes to, as it prints it. */
export interface Loop {
  readonly replayed: number;
  readonly passed: number;
  readonly seconds: number;
  readonly cpuMs: number;
  /** Of it in the parent. */
  readonly parentMs?: number;
}

/** @throws Error unless every history passes, which also shows that all of them are valid */
export async function runLoop(
  [file, ...args]: readonly [string, ...string[]],
  histories: number,
  options: CommandOptions = {},
): Promise<Loop> {
  const loop = await lastLine<Loop>(file, args, options);
  if (loop.passed !== histories) throw new Error(`only ${loop.passed} of ${histories} passed`);
  return loop;
}

/** The JSON that a program prints on its last line. */
export async function lastLine<T>(
  file: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<T> {
  const { stdout } = await runCommand(file, args, options);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
}

/** A program of this folder, in TypeScript, with Node's own arguments before it. */
export function program(path: string): readonly [string, ...string[]] {
  return [process.execPath, '--import', import.meta.resolve('tsx'), path];
}

export function perSecond({ replayed, seconds }: Loop): number {
  return replayed / seconds;
}

export function ratio(theirs: Loop, ours: Loop): number {
  return perSecond(ours) / perSecond(theirs);
}

/** Milliseconds of processor time for a history. */
export function cpuMs({ cpuMs: all, replayed }: Loop): number {
  return all / replayed;
}

/** Of it in the parent. */
export function parentMs({ parentMs: own = 0, replayed }: Loop): number {
  return own / replayed;
}

/** Writes histories into a file as the programs take them, one a line. */
export async function writeHistories(
  path: string,
  histories: readonly Partial<HistoryAtHand>[],
): Promise<void> {
  await writeFile(path, histories.map((one) => `${JSON.stringify(one)}\n`).join(''));
}
