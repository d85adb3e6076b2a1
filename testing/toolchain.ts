import { messageOf } from './error-code.js';

/** A program that tests need and that a machine may lack. */
export type Toolchain = FoundToolchain | MissingToolchain;

export interface FoundToolchain {
  readonly available: true;
  readonly path: string;
  readonly version: string;
  /** Where it came from, for people: `PATH`, `cache`, `built`, `downloaded`. */
  readonly source: string;
}

export interface MissingToolchain {
  readonly available: false;
  /** What was tried, how each attempt failed, and how to get the program. */
  readonly reason: string;
}

/** Called with one line each time that a long set-up reaches its next step. */
export type Progress = (line: string) => void;

/** @throws Error with the reason when it is missing. */
export function required<T extends { available: true }>(needed: T | MissingToolchain): T {
  if (needed.available) return needed;
  throw new Error(needed.reason);
}

/** The result of a set-up that failed. */
export function missing(error: unknown, advice = ''): MissingToolchain {
  const found = messageOf(error);
  return { available: false, reason: advice === '' ? found : `${found}\n${advice}` };
}
