import { join } from 'node:path';
import { changedFiles } from './changed-files.js';
import { pullRequestEvent, type TriggerEvent } from './event.js';
import { startFakeGitHub, type FakeGitHub } from './fake-github.js';
import { projectRoot } from './project-root.js';
import {
  runAction,
  startAction,
  type ActionResult,
  type RunActionOptions,
  type RunningAction,
} from './run-action.js';
import { runHere } from './run-here.js';
import type { Workspace } from './workspace.js';

export interface CheckOptions {
  readonly title: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly node?: string;
  readonly dist?: string;
  readonly measureCpu?: boolean;
  readonly timeoutMs?: number;
  readonly secrets?: readonly string[];
  readonly searchesLeaks?: boolean;
  /** The head that GitHub tells; by default the workspace's. */
  readonly headSha?: string;
  /** By default `pull_request`. */
  readonly event?: TriggerEvent;
  /** Called with the fake before the action starts. */
  readonly prepare?: (github: FakeGitHub) => void;
}

export interface CheckResult extends ActionResult {
  /** What GitHub would have refused. */
  readonly violations: readonly string[];
  readonly requests: readonly string[];
}

const NUMBER = 7;

/** The built action as a runner starts it for a pull request in this checkout, with a fake GitHub. */
export function checkPullRequest(
  workspace: Pick<Workspace, 'path' | 'headSha' | 'baseSha'>,
  options: CheckOptions,
): Promise<CheckResult> {
  return checked(workspace, options, runAction);
}

/** The same in this process, from `src/`: for whatever needs no process to be seen. */
export function checkHere(
  workspace: Pick<Workspace, 'path' | 'headSha' | 'baseSha'>,
  options: CheckOptions,
): Promise<CheckResult> {
  return checked(workspace, options, runHere);
}

async function checked(
  workspace: Pick<Workspace, 'path' | 'headSha' | 'baseSha'>,
  options: CheckOptions,
  run: (action: RunActionOptions) => Promise<ActionResult>,
): Promise<CheckResult> {
  const { github, action } = await prepare(workspace, options);
  try {
    return { ...(await run(action)), ...told(github) };
  } finally {
    await github.stop();
  }
}

/** The same as a process, to be watched or cancelled while it runs. */
export async function startCheck(
  workspace: Pick<Workspace, 'path' | 'headSha' | 'baseSha'>,
  options: CheckOptions,
): Promise<{ running: RunningAction; github: FakeGitHub; stop(): Promise<void> }> {
  const { github, action } = await prepare(workspace, options);
  return { running: await startAction(action), github, stop: () => github.stop() };
}

async function prepare(
  workspace: Pick<Workspace, 'path' | 'headSha' | 'baseSha'>,
  options: CheckOptions,
): Promise<{ github: FakeGitHub; action: RunActionOptions }> {
  const pullRequest = {
    number: NUMBER,
    title: options.title,
    headSha: options.headSha ?? workspace.headSha,
    baseSha: workspace.baseSha,
    files: await changedFiles(workspace),
  };
  const github = await startFakeGitHub([pullRequest]);
  options.prepare?.(github);
  const { inputs, env, node, measureCpu, timeoutMs, secrets, searchesLeaks } = options;
  return {
    github,
    action: {
      dist: options.dist ?? join(projectRoot, 'dist', 'index.js'),
      actionFile: join(projectRoot, 'action.yml'),
      event: options.event ?? pullRequestEvent(pullRequest),
      cwd: workspace.path,
      apiUrl: github.url,
      githubToken: github.token,
      ...(inputs === undefined ? {} : { inputs }),
      ...(env === undefined ? {} : { env }),
      ...(node === undefined ? {} : { node }),
      ...(measureCpu === undefined ? {} : { measureCpu }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(secrets === undefined ? {} : { secrets }),
      ...(searchesLeaks === undefined ? {} : { searchesLeaks }),
    },
  };
}

function told(github: FakeGitHub): { violations: readonly string[]; requests: readonly string[] } {
  return {
    violations: [...github.violations],
    requests: github.requests.map(({ method, path }) => `${method} ${path}`),
  };
}
