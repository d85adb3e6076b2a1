import { type IsolationRung } from '../model/isolation.js';

/** One rung, ready to start programs on. */
export interface IsolationWay {
  readonly rung: IsolationRung;
  isolate(program: ProgramToIsolate, options: LaunchOptions): IsolatedProgram;
  /**
   * A program that ends a process group which holds processes of another user, where there are such: signals
   * of ours do not reach them.
   */
  readonly killGroup?: (group: number) => { readonly file: string; readonly args: string[] };
}

/** A program as it is asked for. */
export interface ProgramToIsolate {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** The same program as it is started on a rung. */
export interface IsolatedProgram {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Goes to its standard input before anything else. */
  readonly preamble: string;
  /** Whether it is the program itself that ends; else a shell ends in its place, and tells a signal by 128 + n. */
  readonly isDirect: boolean;
}

/** Which of a program's streams the launcher sets up. */
export interface LaunchOptions {
  /** Whether descriptor 3 takes the place of standard output, so that prints go to standard error. */
  readonly channel: boolean;
}
