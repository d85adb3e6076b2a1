import { mkdir } from 'node:fs/promises';
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
import { temporaryFolder } from './temporary-folder.js';
import type { Workspace } from './workspace.js';

export interface ThreeJobsOptions {
  readonly title: string;
  /** Of the repository: a public one is the stricter case. */
  readonly isPrivate?: boolean;
  /** `owner/name` of the head's repository, for a fork. */
  readonly headRepository?: string;
  /** Each job in this process, from `src/`: for whatever needs no process to be seen. */
  readonly here?: boolean;
  /** For "with:" of every replay job. */
  readonly replayInputs?: Inputs;
}

type Inputs = Readonly<Record<string, string>>;
type Environment = Readonly<Record<string, string>>;

const NUMBER = 7;

/** The three actions as a runner starts each in a job of its own; what artifacts hand on is handed on by path. */
export class ThreeJobs {
  /** What the replay jobs have uploaded. */
  readonly results: string;
  readonly github: FakeGitHub;
  private readonly workspace: Pick<Workspace, 'path'>;
  private readonly empty: string;
  private readonly event: TriggerEvent;
  private readonly replayInputs: Inputs;
  private readonly runJob: (options: RunActionOptions) => Promise<ActionResult>;

  private constructor(
    workspace: Pick<Workspace, 'path'>,
    folders: { readonly results: string; readonly empty: string },
    github: FakeGitHub,
    event: TriggerEvent,
    { replayInputs = {}, here = false }: Pick<ThreeJobsOptions, 'replayInputs' | 'here'>,
  ) {
    this.workspace = workspace;
    this.results = folders.results;
    this.empty = folders.empty;
    this.github = github;
    this.event = event;
    this.replayInputs = replayInputs;
    this.runJob = here ? runHere : runAction;
  }

  static async of(
    workspace: Pick<Workspace, 'path' | 'headSha' | 'baseSha'>,
    { title, isPrivate = true, headRepository, ...how }: ThreeJobsOptions,
  ): Promise<ThreeJobs> {
    const pullRequest = {
      number: NUMBER,
      title,
      isPrivate,
      headSha: workspace.headSha,
      baseSha: workspace.baseSha,
      files: await changedFiles(workspace),
      ...(headRepository === undefined ? {} : { headRepository }),
    };
    const github = await startFakeGitHub([pullRequest]);
    const folder = await temporaryFolder('three-jobs');
    const folders = { results: join(folder, 'results'), empty: join(folder, 'empty') };
    await Promise.all(Object.values(folders).map((path) => mkdir(path)));
    return new ThreeJobs(workspace, folders, github, pullRequestEvent(pullRequest), how);
  }

  /** Without a checkout. */
  async fetch(inputs: Inputs, env: Environment = {}): Promise<ActionResult> {
    return this.runJob(this.job('fetch', this.empty, inputs, env));
  }

  async replay(
    fetched: Pick<ActionResult, 'outputs'>,
    shard: string,
    inputs: Inputs = {},
    env: Environment = {},
  ): Promise<ActionResult> {
    return this.runJob(
      this.job('replay', this.workspace.path, this.ofShard(fetched, shard, inputs), env),
    );
  }

  /** The same, to be killed or cancelled. */
  async startReplay(fetched: Pick<ActionResult, 'outputs'>, shard: string): Promise<RunningAction> {
    return startAction(
      this.job('replay', this.workspace.path, this.ofShard(fetched, shard, {}), {}),
    );
  }

  /** Without a checkout. */
  async report(
    fetched: Pick<ActionResult, 'outputs'>,
    shards: number,
    inputs: Inputs = {},
  ): Promise<ActionResult> {
    return this.runJob(
      this.job(
        'report',
        this.empty,
        {
          container: fetched.outputs['container'] ?? '',
          'container-digest': fetched.outputs['digest'] ?? '',
          results: join(this.results, '**'),
          shards: String(shards),
          ...inputs,
        },
        {},
      ),
    );
  }

  /** All of them, one after the other. */
  async run(
    shards: number,
    inputs: { fetch: Inputs; replay?: Inputs; report?: Inputs },
  ): Promise<ActionResult> {
    const fetched = await this.fetch(inputs.fetch);
    for (let index = 1; index <= shards; index += 1) {
      await this.replay(fetched, `${index}/${shards}`, inputs.replay);
    }
    return this.report(fetched, shards, inputs.report);
  }

  async stop(): Promise<void> {
    await this.github.stop();
  }

  private ofShard(fetched: Pick<ActionResult, 'outputs'>, shard: string, inputs: Inputs): Inputs {
    return {
      container: fetched.outputs['container'] ?? '',
      'container-digest': fetched.outputs['digest'] ?? '',
      shard,
      ...this.replayInputs,
      result: join(this.results, `${shard.replace('/', '-of-')}.json.gz`),
      ...inputs,
    };
  }

  private job(
    job: 'fetch' | 'replay' | 'report',
    cwd: string,
    inputs: Inputs,
    env: Environment,
  ): Parameters<typeof runAction>[0] {
    return {
      dist: join(projectRoot, 'dist', job, 'index.js'),
      actionFile: join(projectRoot, job, 'action.yml'),
      event: this.event,
      cwd,
      apiUrl: this.github.url,
      // A replay job asks GitHub nothing.
      ...(job === 'replay' ? {} : { githubToken: this.github.token }),
      inputs,
      env,
    };
  }
}
