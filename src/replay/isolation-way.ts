import { type IsolationRung } from '../model/isolation.js';

/** One rung, ready to start programs on. */
export interface IsolationWay {
  readonly rung: IsolationRung;
  isolate(program: ProgramToIsolate, options: LaunchOptions): IsolatedProgram;
  /**
   * Ends a process group with processes of another user, which our own signals do not reach. Absent where there
   * are none.
   */
  readonly killGroup?: (group: number) => ProgramToIsolate;
}

/** A program to start. */
export interface ProgramToIsolate {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** How the same program is started on a rung. */
export interface IsolatedProgram {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Text that goes to its standard input first. */
  readonly preamble: string;
  /** Whether the process is the program itself. Otherwise it is a shell, which reports a signal n as code 128 + n. */
  readonly isDirect: boolean;
}

/** Which of a program's streams the launcher sets up. */
export interface LaunchOptions {
  /** Whether descriptor 3 takes the place of standard output, so that prints go to standard error. */
  readonly channel: boolean;
}
