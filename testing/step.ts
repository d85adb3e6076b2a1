import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inputVariables } from './action-inputs.js';
import { canariesOf, type Canary } from './leaks.js';
import type { RunActionOptions } from './run-action.js';
import { makeRunnerFiles, runnerEnvironment, type RunnerFiles } from './runner-environment.js';
import { temporaryFolder } from './temporary-folder.js';

/** What the runner has made ready when a step begins. */
export interface Step {
  readonly runnerTemp: string;
  readonly files: RunnerFiles;
  readonly env: Readonly<Record<string, string>>;
  /** The credentials in it. */
  readonly canaries: readonly Canary[];
  /** Values that are masked from the start. */
  readonly secrets: readonly string[];
}

/** As a person switches debug logging on. */
const DEBUGGING = { RUNNER_DEBUG: '1', ACTIONS_STEP_DEBUG: 'true', ACTIONS_RUNNER_DEBUG: 'true' };

export async function stepOf(options: RunActionOptions): Promise<Step> {
  const runnerTemp = await temporaryFolder('runner-temp');
  const files = await makeRunnerFiles(runnerTemp, options.event);
  const inputs = await inputVariables(await actionFile(options), options.inputs ?? {}, {
    'github.token': options.githubToken ?? '',
  });
  const given = {
    ...runnerEnvironment({ ...options, runnerTemp, files }),
    ...inputs,
    ...options.env,
  };
  const canaries = options.searchesLeaks === false ? [] : canariesOf(given);
  return {
    runnerTemp,
    files,
    // What a credential could leak into is never more than when everything is told.
    env: canaries.length === 0 ? given : { ...DEBUGGING, ...given },
    canaries,
    secrets: [
      ...(options.secrets ?? []),
      ...(options.githubToken === undefined ? [] : [options.githubToken]),
    ],
  };
}

async function actionFile({ dist, actionFile }: RunActionOptions): Promise<string | undefined> {
  if (actionFile !== undefined) return actionFile;
  const beside = join(dirname(dist), '..', 'action.yml');
  const isThere = await stat(beside).then(
    () => true,
    () => false,
  );
  return isThere ? beside : undefined;
}
