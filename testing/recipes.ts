import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StepRun } from './act-log.js';
import { runWorkflowFile, type WorkflowRun } from './act.js';
import {
  mergeGroupEvent,
  pullRequestEvent,
  scheduleEvent,
  workflowDispatchEvent,
} from './event.js';
import { startFakeGitHub } from './fake-github.js';
import { projectRoot } from './project-root.js';
import type { PullRequest } from './pull-request.js';
import { temporaryFolder } from './temporary-folder.js';
import type { Workspace } from './workspace.js';

/** Where the recipe's somebody has a server. */
export interface RecipeServer {
  readonly address: string;
  readonly namespace: string;
  /** Path of the certificate that signed the server's. */
  readonly authority: string;
}

export interface RecipeRun {
  readonly act: string;
  readonly node: string;
  /** In examples/workflows. */
  readonly file: string;
  readonly server: RecipeServer;
  readonly workspace: (files: Readonly<Record<string, string>>) => Promise<Workspace>;
  readonly title?: string;
  readonly event?: 'pull_request' | 'merge_group' | 'schedule' | 'workflow_dispatch';
  /** Of workflow_dispatch. */
  readonly inputs?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** What is replaced beside the server: downloads of packages, and the length of waits. */
  readonly replace?: readonly (readonly [from: string, to: string])[];
}

export const examplePath = (file: string): string =>
  join(projectRoot, 'examples', 'workflows', file);

/**
 * Runs a recipe by act. Only what names somebody's own set-up is replaced (the server, and the certificate that it
 * is checked with), downloads of packages, and the actions of others.
 */
export async function runRecipe(run: RecipeRun): Promise<WorkflowRun> {
  const workflow = await recipeFor(run);
  const workflowFile = `.github/workflows/${run.file}`;
  const workspace = await run.workspace({ [workflowFile]: workflow });
  const pullRequest = {
    number: 7,
    title: run.title ?? 'Check orders for fraud',
    headSha: workspace.headSha,
    baseSha: workspace.baseSha,
    mergeSha: workspace.headSha,
  };
  const github = await startFakeGitHub([pullRequest]);
  if (run.event === 'merge_group') {
    // The group's head is none of the pull request's own commits.
    github.update({ headSha: 'a'.repeat(40), baseRef: 'main' }, pullRequest.number);
    github.setRef('refs/heads/main', workspace.baseSha);
    github.addCommit(workspace.headSha, [workspace.baseSha], 'Check orders (#7)');
    const queue = `refs/heads/gh-readonly-queue/main/pr-7-${workspace.baseSha}`;
    github.setRef(queue, workspace.headSha);
  }
  try {
    const result = await runWorkflowFile({
      act: run.act,
      workspace: workspace.path,
      workflowFile,
      event: eventOf(run, pullRequest),
      apiUrl: github.url,
      githubToken: github.token,
      node: run.node,
      localActions: await actionsOf(workflow, workspace),
      ...(run.secrets && { secrets: run.secrets }),
      ...(run.env && { env: run.env }),
    });
    if (github.violations.length > 0) throw new Error(JSON.stringify(github.violations));
    return result;
  } finally {
    await github.stop();
    await workspace.remove();
  }
}

/** The steps of this action, which alone have a verdict. */
export function checksOf(run: WorkflowRun): readonly StepRun[] {
  return run.jobs.flatMap((job) => job.steps).filter((step) => 'verdict' in step.outputs);
}

async function recipeFor({ file, server, replace = [] }: RecipeRun): Promise<string> {
  let text = (await readFile(examplePath(file), 'utf8'))
    .replace(/^ +server-ca-cert: .*\n/gmu, '')
    .replace(
      /^( +)address: .*$/gmu,
      `$1address: ${server.address}\n$1server-ca-cert: ${server.authority}`,
    )
    .replace(/^( +)namespace: .*$/gmu, `$1namespace: ${server.namespace}`)
    .replace(/^( +)TEMPORAL_ADDRESS: .*$/gmu, `$1TEMPORAL_ADDRESS: ${server.address}`);
  for (const [from, to] of replace) {
    if (!text.includes(from)) throw new Error(`${file} does not say "${from}"`);
    text = text.replaceAll(from, to);
  }
  return text;
}

function eventOf(
  { event = 'pull_request', inputs }: RecipeRun,
  pullRequest: Partial<PullRequest>,
): Parameters<typeof runWorkflowFile>[0]['event'] {
  switch (event) {
    case 'pull_request':
      return pullRequestEvent(pullRequest);
    case 'merge_group':
      return mergeGroupEvent(pullRequest);
    case 'schedule':
      return scheduleEvent(pullRequest);
    case 'workflow_dispatch':
      return workflowDispatchEvent(pullRequest, inputs ?? null);
  }
}

/**
 * act serves the checkout of the pull request itself; this is that of the base, which a merge group names by its branch,
 * and which is the default branch.
 */
const checkOut = ({ path, baseSha }: Workspace): string =>
  [
    `case "\${{ inputs.ref }}" in ${baseSha}|refs/heads/main|main) ;; *) exit 1 ;; esac`,
    `git clone --quiet ${path} \${{ inputs.path }}`,
    `git -C \${{ inputs.path }} checkout --quiet ${baseSha}`,
  ].join(' && ');

/** Stand-ins: this project's actions as GitHub would download them, and those of others. */
async function actionsOf(workflow: string, repository: Workspace): Promise<Record<string, string>> {
  const folder = await temporaryFolder('actions');
  const own = join(folder, 'own');
  for (const name of ['action.yml', 'dist', 'fetch', 'replay', 'report', 'retire']) {
    await cp(join(projectRoot, name), join(own, name), { recursive: true });
  }
  const artifacts = join(folder, 'artifacts');
  const scripts: Readonly<Record<string, string>> = {
    checkout: checkOut(repository),
    'upload-artifact': `mkdir -p ${artifacts}/\${{ inputs.name }} && cp \${{ inputs.path }} ${artifacts}/\${{ inputs.name }}`,
    // One by its name comes without a folder of its own.
    'download-artifact': `mkdir -p \${{ inputs.path }} && cp -R ${artifacts}/\${{ inputs.name && format('{0}/*', inputs.name) || inputs.pattern }} \${{ inputs.path }}`,
  };
  const standIns: Record<string, string> = { 'OWNER/temporal-replay-action@v1': own };
  for (const [, action = ''] of workflow.matchAll(/uses: (actions\/\S+)/gu)) {
    const name = action.replace(/^actions\/|@.*$/gu, '');
    const path = join(folder, name);
    await mkdir(path, { recursive: true });
    await writeFile(
      join(path, 'action.yml'),
      `name: ${name}\ninputs: {ref: {}, path: {}, name: {}, pattern: {}}\nruns: {using: composite, steps: [{run: ${JSON.stringify(
        scripts[name] ?? 'true',
      )}, shell: bash}]}\n`,
    );
    standIns[action] = path;
  }
  return standIns;
}

/**
 * The Temporal CLI where `go install` leaves it, in a GOPATH of its own. After each command it writes down the
 * routing that the server tells then.
 */
export async function recordingCli(
  cli: string,
  authority: string,
): Promise<{ readonly goPath: string; routings(): Promise<readonly Routing[]> }> {
  const goPath = await temporaryFolder('go-path');
  const file = join(goPath, 'bin', 'temporal');
  const log = join(goPath, 'routings');
  await mkdir(join(goPath, 'bin'));
  await writeFile(log, '');
  await writeFile(
    file,
    [
      '#!/bin/sh',
      'set -e',
      `export TEMPORAL_TLS_SERVER_CA_CERT_PATH='${authority}'`,
      `'${cli}' "$@"`,
      `'${cli}' worker deployment describe --name orders --output json | tr -d '\\n' >> '${log}'`,
      `echo >> '${log}'`,
      '',
    ].join('\n'),
  );
  await chmod(file, 0o755);
  return {
    goPath,
    routings: async () =>
      (await readFile(log, 'utf8'))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as { routingConfig: Routing }).routingConfig),
  };
}

export interface Routing {
  readonly currentVersionBuildID: string;
  readonly rampingVersionBuildID: string;
  readonly rampingVersionPercentage: number;
}
