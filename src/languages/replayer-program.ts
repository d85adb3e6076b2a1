import { dirname, join } from 'node:path';
import { realPathOf } from '../files/paths.js';
import type { ReplayerSettings } from '../model/settings.js';
import type { Language } from '../model/language.js';
import { UserError } from '../model/user-error.js';
import { replayEnvironment } from '../replay/environment.js';
import type { IsolationWay } from '../replay/isolation-way.js';
import type { ReplayerCommand } from '../replay/replayer-process.js';
import { findPython } from './find-python.js';

/** How a replayer is started, and where it finds the workflows. */
export interface ReplayerProgram {
  readonly command: ReplayerCommand;
  readonly workflows?: string;
  /** It must be ready within this many milliseconds. */
  readonly startTimeoutMs: number;
}

/** Bundling a large application takes time. Compiling it with its SDK takes minutes where nothing is cached. */
const START_TIMEOUT_MS: Readonly<Record<Language, number>> = {
  typescript: 180_000,
  python: 180_000,
  go: 900_000,
  java: 600_000,
  command: 900_000,
};

export interface Surroundings {
  /** Folder with one folder for each language's replayer. */
  readonly replayersFolder: string;
  /** Absolute path of the checkout that holds the application. */
  readonly checkout: string;
  /** Absolute path of the baseline, where its application is replayed. */
  readonly baseline?: string;
  /** The environment of this process. */
  readonly environment: NodeJS.ProcessEnv;
  /** The isolation of the pull request's code. */
  readonly isolation: IsolationWay;
}

/**
 * Megabytes of V8's semi-space. A replay makes many objects that die with their history. With the default of 16,
 * V8 copies most of them before they die.
 */
const SEMI_SPACE_MB = 32;

/** What the hashes of Python's strings depend on. */
const HASH_SEED = 'PYTHONHASHSEED';

/** The protocol's channel, which the launcher opens. */
const CHANNEL = '--channel=3';

/** @throws UserError where the language's toolchain or an input is missing */
export async function replayerProgram(
  language: Language,
  replayer: ReplayerSettings,
  surroundings: Surroundings,
): Promise<ReplayerProgram> {
  const { workflows, workingDirectory: cwd } = replayer;
  const { replayersFolder, environment: own, isolation } = surroundings;
  const environment = replayEnvironment(own, language, replayer.variables());
  const startTimeoutMs = START_TIMEOUT_MS[language];
  const told = { startTimeoutMs, ...(workflows === undefined ? {} : { workflows }) };
  switch (language) {
    case 'python': {
      const file = await pythonFor(replayer, surroundings, environment);
      const args = [join(replayersFolder, 'python', 'replay_gate.py'), CHANNEL];
      // Where the job pins the seed, its workers have it too, and no other order is to come.
      const seed = HASH_SEED in environment ? {} : { seedVariable: HASH_SEED };
      const command = { file, args, cwd, environment, isolation, threadsTakeTurns: true, ...seed };
      return { command, ...told };
    }
    case 'command': {
      if (workflows === undefined) {
        throw new UserError({
          found: 'Input language is "command", and workflows is empty',
          expected: 'in workflows, the command line of a replayer that speaks the protocol',
          fix: 'set workflows to the command; docs/replayer-protocol.md says what it must do',
        });
      }
      const command = commandProgram(workflows, cwd, environment);
      return { command: { ...command, isolation }, startTimeoutMs };
    }
    case 'typescript': {
      const program = typescriptProgram(join(replayersFolder, language));
      return { command: { ...program, cwd, environment, isolation }, ...told };
    }
    case 'go':
    case 'java': {
      // The job's own Node, of any release, only looks for the toolchain.
      const args = [join(replayersFolder, language, 'index.js'), CHANNEL];
      // Goroutines replay in parallel. The threads of a Java workflow wait for each other.
      const threadsTakeTurns = language === 'java';
      return {
        command: {
          ...{ file: 'node', args, cwd, environment, isolation, threadsTakeTurns },
          ...(language === 'java' ? { seedVariable: 'REPLAY_GATE_CHANCE' } : {}),
        },
        ...told,
      };
    }
  }
}

/** Whether two applications are replayed in one environment of Python. */
export async function sharePython(
  ...applications: readonly (readonly [ReplayerSettings, Surroundings])[]
): Promise<boolean> {
  const places = await Promise.all(
    applications.map(async ([replayer, surroundings]) => {
      const { environment: own } = surroundings;
      const environment = replayEnvironment(own, 'python', replayer.variables());
      const python = await pythonFor(replayer, surroundings, environment);
      // An environment's own interpreter is a link to another one, which has other packages.
      return realPathOf(dirname(python));
    }),
  );
  return new Set(places).size === 1;
}

function pythonFor(
  { workingDirectory: folder }: ReplayerSettings,
  { checkout, baseline, environment: own, isolation }: Surroundings,
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  return findPython({
    ...{ folder, checkout, environment, isolation },
    ...(baseline === undefined ? {} : { baseline }),
    virtualEnvironment: own['VIRTUAL_ENV'] || undefined,
  });
}

/** The replayer for TypeScript in `folder`. */
export function typescriptProgram(
  folder: string,
): Pick<ReplayerCommand, 'file' | 'args' | 'threadsTakeTurns'> {
  const args = [`--max-semi-space-size=${SEMI_SPACE_MB}`, join(folder, 'index.js'), CHANNEL];
  // The job's own Node, because the workflow code is developed on it.
  return { file: 'node', args, threadsTakeTurns: true };
}

/** A third party's replayer, by its command line. A shell splits it into arguments. */
export function commandProgram(
  commandLine: string,
  cwd: string,
  environment: Readonly<Record<string, string>>,
): ReplayerCommand {
  const args = ['-c', `exec ${commandLine} "$@"`, 'replayer', CHANNEL];
  return { file: '/bin/sh', args, cwd, environment };
}
