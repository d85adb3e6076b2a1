/** @tier middle */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findAct, runWorkflowFile, type WorkflowRun } from '../../testing/act.js';
import { pullRequestEvent } from '../../testing/event.js';
import { startFakeGitHub } from '../../testing/fake-github.js';
import { findNode24 } from '../../testing/node24.js';
import { ordersWorkspace, type OrdersPatch } from '../../testing/orders-application.js';
import { ordersServer } from '../../testing/orders-server.js';
import { projectRoot } from '../../testing/project-root.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { skipUnless } from '../../testing/skip-unless.js';

/**
 * The workflow file that users copy, run by `act` on this machine. Only what names somebody's own set-up
 * is replaced: the server's address and certificate, and "npm ci" (the workspace has its packages, and the
 * second checkout gets them).
 */

/** What GitHub would download: the action's file and dist/. */
async function actionAlone(): Promise<string> {
  const folder = await temporaryFolder('action');
  await cp(join(projectRoot, 'action.yml'), join(folder, 'action.yml'));
  await cp(join(projectRoot, 'dist'), join(folder, 'dist'), { recursive: true });
  return folder;
}

const act = await findAct();
const node24 = await findNode24();

skipUnless(act, node24).describe('examples/workflows/replay.yml', () => {
  let server: Awaited<ReturnType<typeof ordersServer>>;
  beforeAll(async () => {
    server = await ordersServer();
  });
  afterAll(() => server.stop());

  async function run(patch: OrdersPatch, title: string): Promise<WorkflowRun> {
    if (!act.available || !node24.available) throw new Error('checked above');
    const example = await readFile(
      join(projectRoot, 'examples', 'workflows', 'replay.yml'),
      'utf8',
    );
    const workflow = example
      .replace(/^( +)address: .*$/mu, `$1address: ${server.address}`)
      .replace(/^( +)namespace: .*$/mu, `$1namespace: ${server.namespace}`)
      .replace(/^ +client-(?:cert|key): .*\n/gmu, '')
      .replace(/^( +)task-queue: .*$/mu, `$1task-queue: ${server.taskQueue}`)
      .replace('run: npm ci', 'run: test -d node_modules/@temporalio/worker')
      .replace('run: npm ci', `run: ln -s ${join(projectRoot, 'node_modules')} node_modules`);
    const workspace = await ordersWorkspace({
      patch,
      files: { '.github/workflows/replay.yml': workflow },
    });
    const setupNode = await temporaryFolder('setup-node');
    await writeFile(
      join(setupNode, 'action.yml'),
      'name: setup-node\ninputs: {node-version: {}}\nruns: {using: composite, steps: [{run: node --version, shell: bash}]}\n',
    );
    // act serves the first checkout itself; this is the second one, of another commit.
    const checkout = await temporaryFolder('checkout');
    await writeFile(
      join(checkout, 'action.yml'),
      [
        'name: checkout',
        'inputs: {ref: {}, path: {}, persist-credentials: {}}',
        'runs:',
        '  using: composite',
        '  steps:',
        '    - run: git clone --quiet . ${{ inputs.path }} && git -C ${{ inputs.path }} checkout --quiet ${{ inputs.ref }}',
        '      shell: bash',
        '',
      ].join('\n'),
    );
    const pullRequest = {
      number: 7,
      title,
      headSha: workspace.headSha,
      baseSha: workspace.baseSha,
    };
    const github = await startFakeGitHub([pullRequest]);
    try {
      const result = await runWorkflowFile({
        act: act.path,
        workspace: workspace.path,
        workflowFile: '.github/workflows/replay.yml',
        event: pullRequestEvent({ ...pullRequest, mergeSha: workspace.headSha }),
        apiUrl: github.url,
        githubToken: github.token,
        node: node24.path,
        localActions: {
          'OWNER/temporal-replay-action@v1': await actionAlone(),
          [/actions\/checkout@\S+/u.exec(workflow)?.[0] ?? '']: checkout,
          [/actions\/setup-node@\S+/u.exec(workflow)?.[0] ?? '']: setupNode,
        },
        timeoutMs: 120_000,
      });
      expect(github.violations).toEqual([]);
      expect(github.requests.length).toBeGreaterThan(0);
      return result;
    } finally {
      await github.stop();
      await workspace.remove();
    }
  }

  const replayStep = (result: WorkflowRun) =>
    result.jobs[0]?.steps.find((step) => 'verdict' in step.outputs);

  test('a compatible pull request makes the job succeed', async () => {
    const result = await run('compatible', '[compatible-v1.0] Check orders for fraud');
    expect(result.jobs.map((job) => job.conclusion)).toEqual(['success']);
    expect(replayStep(result)?.outputs).toMatchObject({ verdict: 'compatible' });
    expect(replayStep(result)?.summary).toMatch(/✅ Compatible/u);
  });

  test('an incompatible one makes it fail, with the line', async () => {
    const result = await run('incompatible', '[compatible-v1.0] Check orders for fraud');
    expect(result.jobs.map((job) => job.conclusion)).toEqual(['failure']);
    expect(replayStep(result)?.outputs).toMatchObject({ verdict: 'incompatible' });
    expect(replayStep(result)?.annotations[0]).toMatchObject({
      level: 'error',
      file: 'src/workflows/order.ts',
    });
    expect(replayStep(result)?.annotations[0]?.message).toContain(
      'The baseline passes: this change breaks it',
    );
  });
});
