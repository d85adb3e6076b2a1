import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TriggerEvent } from './event.js';
import { splitRepository } from './pull-request.js';

/** The files over which a step and the runner talk, by the variable that names them. */
export type RunnerFiles = Readonly<
  Record<
    | 'GITHUB_OUTPUT'
    | 'GITHUB_STEP_SUMMARY'
    | 'GITHUB_ENV'
    | 'GITHUB_STATE'
    | 'GITHUB_PATH'
    | 'GITHUB_EVENT_PATH',
    string
  >
>;

export interface RunnerEnvironmentOptions {
  readonly event: TriggerEvent;
  readonly cwd: string;
  readonly runnerTemp: string;
  readonly files: RunnerFiles;
  readonly apiUrl?: string;
}

/** Nothing listens on port 9 (discard), so that a forgotten `apiUrl` reaches nobody. */
const NO_API = 'http://127.0.0.1:9';

/**
 * The variables of a step on GitHub's own Linux machines, and nothing of ours but PATH: a person's
 * TEMPORAL_ADDRESS, say, would change what is tested.
 */
export function runnerEnvironment(options: RunnerEnvironmentOptions): Record<string, string> {
  const { event, cwd, runnerTemp, files } = options;
  const apiUrl = options.apiUrl ?? NO_API;
  const { owner } = splitRepository(event.repository);
  const refName = event.ref.replace(/^refs\/(?:heads|tags|pull)\//u, '');
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: join(runnerTemp, 'home'),
    LANG: 'C.UTF-8',
    CI: 'true',
    RUNNER_TEMP: runnerTemp,
    RUNNER_TOOL_CACHE: join(runnerTemp, 'tool-cache'),
    RUNNER_OS: 'Linux',
    RUNNER_ARCH: process.arch === 'arm64' ? 'ARM64' : 'X64',
    RUNNER_NAME: 'GitHub Actions 1',
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_WORKSPACE: cwd,
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: '__run',
    GITHUB_ACTOR: 'octocat',
    GITHUB_API_URL: apiUrl,
    GITHUB_GRAPHQL_URL: `${apiUrl}/graphql`,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_EVENT_NAME: event.name,
    GITHUB_BASE_REF: event.baseRef ?? '',
    GITHUB_HEAD_REF: event.headRef ?? '',
    GITHUB_JOB: 'replay',
    GITHUB_REF: event.ref,
    GITHUB_REF_NAME: refName,
    GITHUB_REF_TYPE: 'branch',
    GITHUB_REF_PROTECTED: 'false',
    GITHUB_REPOSITORY: event.repository,
    GITHUB_REPOSITORY_OWNER: owner,
    GITHUB_RETENTION_DAYS: '90',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '1234567890',
    GITHUB_RUN_NUMBER: '1',
    GITHUB_SHA: event.sha,
    GITHUB_TRIGGERING_ACTOR: 'octocat',
    GITHUB_WORKFLOW: 'Replay',
    GITHUB_WORKFLOW_REF: `${event.repository}/.github/workflows/replay.yml@${event.ref}`,
    GITHUB_WORKFLOW_SHA: event.sha,
    GITHUB_WORKSPACE: cwd,
    ...files,
  };
}

/** Makes the files that the runner makes before a step, and the folders that a machine has. */
export async function makeRunnerFiles(
  runnerTemp: string,
  event: TriggerEvent,
): Promise<RunnerFiles> {
  const commandFolder = join(runnerTemp, '_runner_file_commands');
  const workflowFolder = join(runnerTemp, '_github_workflow');
  for (const folder of [commandFolder, workflowFolder, join(runnerTemp, 'home')]) {
    await mkdir(folder);
  }
  const files: RunnerFiles = {
    GITHUB_OUTPUT: join(commandFolder, 'set_output'),
    GITHUB_STEP_SUMMARY: join(commandFolder, 'step_summary'),
    GITHUB_ENV: join(commandFolder, 'set_env'),
    GITHUB_STATE: join(commandFolder, 'save_state'),
    GITHUB_PATH: join(commandFolder, 'add_path'),
    GITHUB_EVENT_PATH: join(workflowFolder, 'event.json'),
  };
  for (const file of Object.values(files)) await writeFile(file, '');
  await writeFile(files.GITHUB_EVENT_PATH, JSON.stringify(event.payload, undefined, 2));
  return files;
}
