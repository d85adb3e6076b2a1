import { join } from 'node:path';
import type { ReplayerSettings } from '../inputs/settings.js';
import type { Language } from '../model/language.js';
import { UserError } from '../model/user-error.js';
import { replayEnvironment } from '../replay/environment.js';
import type { ReplayerCommand } from '../replay/replayer-process.js';
import { findPython } from './find-python.js';

/** How a replayer is started, and what it is told of where the workflows are. */
export interface ReplayerProgram {
  readonly command: ReplayerCommand;
  readonly workflows?: string;
}

export interface Surroundings {
  /** Folder with one folder for each language's replayer. */
  readonly replayersFolder: string;
  /** Absolute path of the checkout that holds the application. */
  readonly checkout: string;
  /** Of this process. */
  readonly environment: NodeJS.ProcessEnv;
}

/** The protocol's channel, which the launcher opens. */
const CHANNEL = '--channel=3';

/** @throws UserError where the language's toolchain is missing, or an input that it needs */
export async function replayerProgram(
  language: Language,
  replayer: ReplayerSettings,
  surroundings: Surroundings,
): Promise<ReplayerProgram> {
  const { workflows, workingDirectory: cwd } = replayer;
  const { replayersFolder, environment: own } = surroundings;
  const environment = replayEnvironment(own, language, replayer.variables());
  const told = workflows === undefined ? {} : { workflows };
  switch (language) {
    case 'python': {
      const file = await findPython({
        folder: cwd,
        checkout: surroundings.checkout,
        virtualEnvironment: own['VIRTUAL_ENV'] || undefined,
        environment,
      });
      const args = [join(replayersFolder, 'python', 'replay_gate.py'), CHANNEL];
      return { command: { file, args, cwd, environment }, ...told };
    }
    case 'command': {
      if (workflows === undefined) {
        throw new UserError({
          found: 'Input language is "command", and workflows is empty',
          expected: 'in workflows, the command line of a replayer that speaks the protocol',
          fix: 'set workflows to the command; docs/replayer-protocol.md says what it must do',
        });
      }
      // It is a command line by definition, written by who writes the workflow file.
      const args = ['-c', `exec ${workflows} "$@"`, 'replayer', CHANNEL];
      return { command: { file: '/bin/sh', args, cwd, environment } };
    }
    case 'typescript':
    case 'go':
    case 'java': {
      // The job's own Node: what the workflow code is developed on. The action's is the next best.
      const args = [join(replayersFolder, language, 'index.js'), CHANNEL];
      return { command: { file: 'node', args, cwd, environment }, ...told };
    }
  }
}
