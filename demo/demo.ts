import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'puppeteer-core';
import { changedFiles } from '../testing/changed-files.js';
import { findChromium, openChromium } from '../testing/chromium.js';
import { pullRequestEvent } from '../testing/event.js';
import { startFakeGitHub, type FakeGitHub } from '../testing/fake-github.js';
import { photograph } from '../testing/photographs.js';
import { stopAllProcesses } from '../testing/processes.js';
import { projectRoot } from '../testing/project-root.js';
import type { OrdersPatch } from '../testing/orders-application.js';
import { runAction, type ActionResult } from '../testing/run-action.js';
import { runTerminal } from '../testing/run-terminal.js';
import { runCommand } from '../testing/run-command.js';
import { startDevServer, type RunningServer } from '../testing/temporal-server.js';
import type { Workspace } from '../testing/workspace.js';
import type { DemoPullRequest } from './pull-requests.js';
import { readScenario, TASK_QUEUE } from './scenarios.js';

/**
 * `npm run demo`: the main job on real parts, and what reviewers of some pull requests see; at the end, the advice for
 * a change and the retirement of the old version. With
 * `-- --versioning worker-deployment`, the workers are in a Worker Deployment. With `-- --language python`,
 * the workflows are in another language.
 */

const scenario = readScenario(process.argv.slice(2));
const folder = join(projectRoot, '.demo');
const began = Date.now();

/** The reports of a red pull request, by their suffixes. */
const REPORTS = ['html', 'xml', 'sarif', 'json'];

let browser: Browser | undefined;

process.exitCode = 1;
try {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  step('Starting a Temporal server');
  const server = await startDevServer({ progress: (line) => step(`  ${line}`) });
  await scenario.fill(server, step);
  const github = await startFakeGitHub([]);
  const chromium = await findChromium((line) => step(`  ${line}`));
  if (chromium.available) browser = await openChromium(chromium);
  let wrong = 0;
  for (const [index, pullRequest] of scenario.pullRequests.entries()) {
    if (!(await review(index + 1, pullRequest, server, github))) wrong += 1;
  }
  await github.stop();
  if (!(await tellVersions(server))) wrong += 1;
  await browser?.close();
  console.log(
    `\nSummaries, comments, logs, and of what is red reports with pictures are in ${folder}`,
  );
  if (browser === undefined) console.log('There are no pictures: Chromium was not found.');
  console.log(
    wrong === 0
      ? `All ${scenario.pullRequests.length} verdicts are the expected ones, and so are advice and retirement (${seconds()} s).`
      : `${wrong} answers are not the expected ones.`,
  );
  if (wrong === 0 && github.violations.length === 0) process.exitCode = 0;
  for (const violation of github.violations) console.log(`GitHub would refuse: ${violation}`);
} finally {
  await browser?.close();
  await stopAllProcesses();
}

/** One pull request: makes its checkout, runs the action as the runner does, and shows what a reviewer sees. */
async function review(
  number: number,
  { name, title, patch, base, inputs, story, expected }: DemoPullRequest,
  server: RunningServer,
  github: FakeGitHub,
): Promise<boolean> {
  const { orders } = scenario;
  const workspace = await orders.workspace(patch === undefined ? {} : { patch });
  const { headSha } = workspace;
  const baseSha = base === undefined ? workspace.baseSha : await checkOutBase(workspace, base);
  const files = await changedFiles({ path: workspace.path, baseSha, headSha });
  const pullRequest = { number, title, headSha, baseSha, files };
  github.addPullRequest(pullRequest);
  const result = await runAction({
    dist: join(projectRoot, 'dist', 'index.js'),
    inputs: {
      address: server.address,
      namespace: server.namespace,
      'task-queue': TASK_QUEUE,
      'show-workflow-ids': 'true',
      comment: 'on-failure',
      ...(expected.passes
        ? {}
        : {
            reports: REPORTS.map((suffix) => join(folder, `${number}-${name}.${suffix}`)).join(','),
          }),
      ...(base === undefined ? {} : { 'baseline-directory': '.baseline' }),
      ...inputs,
    },
    env: await orders.environment(),
    event: pullRequestEvent(pullRequest),
    cwd: workspace.path,
    apiUrl: github.url,
    githubToken: github.token,
  });
  await writeFile(join(folder, `${number}-${name}.md`), result.summary);
  if (!expected.passes) await takePictures(`${number}-${name}`);
  for (const { body } of github.comments(number)) {
    await writeFile(join(folder, `${number}-${name}.comment.md`), body);
  }
  await writeFile(join(folder, `${number}-${name}.log`), `${result.log.join('\n')}\n`);
  const { verdict, reason } = result.outputs;
  const isExpected =
    verdict === expected.verdict &&
    reason === expected.reason &&
    (result.exitCode === 0) === expected.passes;
  show(number, title, story, result);
  if (!isExpected) {
    console.log(`   NOT EXPECTED: it should be ${JSON.stringify(expected)}`);
    console.log(result.stdout, result.stderr);
  }
  await workspace.remove();
  return isExpected;
}

/** The HTML report as it looks on a desk and on a phone, light and dark. */
async function takePictures(name: string): Promise<void> {
  const page = join(folder, `${name}.html`);
  if (browser !== undefined) await photograph(browser, page, join(folder, name));
}

/** What a person asks in a terminal: how to deploy a change, and which workers can go. */
async function tellVersions(server: RunningServer): Promise<boolean> {
  const { orders, expected } = scenario;
  const workspace = await orders.workspace({ patch: 'compatible' });
  const where = ['--address', server.address, '--namespace', server.namespace];
  const environment = await orders.environment();
  let isExpected = true;
  for (const { command, says } of [
    { command: 'advise', says: expected.advice },
    { command: 'retire', says: expected.retirement },
  ]) {
    const args = [command, ...where, '--task-queue', TASK_QUEUE];
    const { exitCode, stdout, stderr } = await runTerminal(workspace.path, args, environment);
    await writeFile(join(folder, `${command}.txt`), stdout);
    console.log(`\n$ npx github:OWNER/temporal-replay-action ${args.join(' ')}`);
    console.log(stdout.replace(/^/gmu, '   ').trimEnd());
    if (exitCode === 0 && says.test(stdout)) continue;
    isExpected = false;
    console.log(`   NOT EXPECTED: it should say ${String(says)}\n${stderr}`);
  }
  await workspace.remove();
  return isExpected;
}

/** Checks the base out beside the head, as its baseline. The head's repository gets the commit too. */
async function checkOutBase(workspace: Workspace, base: OrdersPatch): Promise<string> {
  const checkout = await scenario.orders.workspace({ patch: base });
  const path = join(workspace.path, '.baseline');
  await rename(checkout.path, path);
  await runCommand('git', ['fetch', '--quiet', path, 'HEAD'], { cwd: workspace.path });
  return checkout.headSha;
}

function show(number: number, title: string, story: string, result: ActionResult): void {
  const check = result.exitCode === 0 ? 'green' : 'red';
  console.log(`\n#${number} ${title}`);
  console.log(`   The change ${story}.`);
  const { verdict, reason, replayed = '0', matched = '0' } = result.outputs;
  const counts =
    matched === '0' ? 'nothing replayed' : `${replayed} of ${matched} executions replayed`;
  console.log(
    `   Check: ${check}, ${verdict} (${reason}), ${counts}, ${(result.durationMs / 1000).toFixed(1)} s`,
  );
  for (const { level, file, line, title: heading, message } of result.annotations) {
    const place = file === undefined ? '' : `${file}:${line ?? 1}: `;
    console.log(`   ${level}: ${place}${heading ?? ''}`);
    const lines = message.split('\n').flatMap((paragraph) => wrap(paragraph, 96));
    console.log(lines.map((text) => (text === '' ? '' : `      ${text}`)).join('\n'));
  }
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function step(text: string): void {
  console.log(`[${seconds().padStart(5)} s] ${text}`);
}

function seconds(): string {
  return ((Date.now() - began) / 1000).toFixed(1);
}
