import type { InputEnvironment } from '../../src/inputs/input-environment.js';
import type { InputName } from '../../src/inputs/raw-inputs.js';
import { readSettings } from '../../src/inputs/read-settings.js';
import type { Settings } from '../../src/model/settings.js';
import { UserError } from '../../src/model/user-error.js';
import type { WorkspaceFolder } from '../builders/workspace-folder.js';

export type Inputs = Partial<Record<InputName, string>>;

export interface Around {
  readonly workspace: WorkspaceFolder;
  readonly variables?: NodeJS.ProcessEnv;
  readonly now?: Date;
  readonly terminal?: InputEnvironment['terminal'];
}

/** What the inputs of a workflow file mean, in a job with no variables but the given ones. */
export function settingsOf(inputs: Inputs, around: Around): Settings {
  return readSettings({
    read: (name) => inputs[name],
    // Without a home there is no configuration file of whoever runs the tests.
    variables: { HOME: around.workspace.at('../home'), ...around.variables },
    workspace: around.workspace.path,
    now: around.now ?? new Date(),
    ...(around.terminal === undefined ? {} : { terminal: around.terminal }),
  });
}

/** The error that something throws, which must be one for users, in three parts. */
export function problemOf(attempt: () => unknown): UserError {
  let thrown: unknown;
  try {
    attempt();
  } catch (error) {
    thrown = error;
  }
  if (!(thrown instanceof UserError)) throw new Error(`no UserError, but ${String(thrown)}`);
  if (!thrown.found || !thrown.expected || !thrown.fix) {
    throw new Error(`a part is missing: ${JSON.stringify(thrown)}`);
  }
  return thrown;
}
