import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JUDGED_INPUTS, judgedWorkspace } from '../../testing/judged-workspace.js';
import { ordersServer } from '../../testing/orders-server.js';
import { projectRoot } from '../../testing/project-root.js';
import { checkHere, type CheckResult } from '../../testing/pull-request-check.js';
import { reportProblems } from '../../testing/report-schema.js';
import { runCommand } from '../../testing/run-command.js';

/** Titles that claim nothing, on a real server, by what `on-no-claim` says. */

let server: Awaited<ReturnType<typeof ordersServer>>;
beforeAll(async () => {
  server = await ordersServer();
});
afterAll(() => server.stop());

async function check(
  change: 'compatible' | 'incompatible',
  onNoClaim: string,
  inputs: Readonly<Record<string, string>> = {},
  title = 'Check orders for fraud',
): Promise<CheckResult> {
  const workspace = await judgedWorkspace({ breaks: change === 'compatible' ? [] : ['order'] });
  try {
    const result = await checkHere(workspace, {
      title,
      inputs: {
        address: server.address,
        'task-queue': server.taskQueue,
        'on-no-claim': onNoClaim,
        ...JUDGED_INPUTS,
        ...inputs,
      },
    });
    expect(result.violations).toEqual([]);
    // Wrong inputs end the step before there is anything to report.
    const path = result.outputs['report'];
    if (path !== undefined) {
      expect(reportProblems(JSON.parse(readFileSync(path, 'utf8')))).toEqual([]);
    }
    return result;
  } finally {
    await workspace.remove();
  }
}

/** Of what is wrong; a notice says what no history reaches. */
const levels = (result: CheckResult): Set<string> =>
  new Set(result.annotations.map(({ level }) => level).filter((level) => level !== 'notice'));

test('fail: red, and the server is not asked', async () => {
  const result = await check('compatible', 'fail', { address: '127.0.0.1:1' });
  expect(result.exitCode).toBe(1);
  expect(result.outputs).toMatchObject({ verdict: 'not-claimed', reason: 'claim-required' });
});

test('check: green where the executions of the current build go on', async () => {
  const result = await check('compatible', 'check');
  expect(result.exitCode).toBe(0);
  expect(result.outputs).toMatchObject({
    verdict: 'compatible',
    reason: 'all-replayed',
    // The default of the queue's default set.
    'build-id': 'v2.1',
  });
  expect(result.summary).toContain('checked against the current build');
});

test('check: red where they break', async () => {
  const result = await check('incompatible', 'check');
  expect(result.exitCode).toBe(1);
  expect(result.outputs).toMatchObject({ verdict: 'incompatible', reason: 'decisive-finding' });
  expect(levels(result)).toEqual(new Set(['error']));
});

test('advise: green, and says what would break', async () => {
  const result = await check('incompatible', 'advise');
  expect(result.exitCode).toBe(0);
  expect(result.outputs).toMatchObject({ verdict: 'incompatible', reason: 'decisive-finding' });
  expect(levels(result)).toEqual(new Set(['warning']));
  expect(result.summary).toContain('Advice only, because the title claims nothing');
});

test('advise: green also where there is no current build, or no server', async () => {
  const noBuild = await check('compatible', 'advise', { 'task-queue': 'nobody-polls-here' });
  expect(noBuild.exitCode).toBe(0);
  expect(noBuild.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'unknown-build' });
  const noServer = await check('compatible', 'advise', { address: '127.0.0.1:1' });
  expect(noServer.exitCode).toBe(0);
  expect(noServer.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'error' });
  expect(levels(noServer)).toEqual(new Set(['warning']));
});

test('check: red where there is no current build', async () => {
  const result = await check('compatible', 'check', { 'task-queue': 'nobody-polls-here' });
  expect(result.exitCode).toBe(1);
  expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'unknown-build' });
});

test('check that cannot know what is current is one error that says what to set', async () => {
  const result = await check('compatible', 'check', { versioning: 'build-id' });
  expect(result.exitCode).toBe(1);
  expect(result.annotations[0]?.message).toMatch(
    /on-no-claim is "check".*set on-no-claim to pass or fail/u,
  );
});

test('a title can claim what runs now, whatever its build ID is', async () => {
  const title = '[compatible-current] Check orders for fraud';
  const good = await check('compatible', 'pass', {}, title);
  expect(good.outputs).toMatchObject({ reason: 'all-replayed', 'build-id': 'v2.1' });
  const bad = await check('incompatible', 'pass', {}, title);
  expect(bad.outputs).toMatchObject({ verdict: 'incompatible', reason: 'decisive-finding' });
  const unknown = await check('compatible', 'pass', { versioning: 'build-id' }, title);
  expect(unknown.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'error' });
  expect(unknown.annotations[0]?.message).toMatch(
    /claim is for the build "current".*name the build ID/u,
  );
});

test('in a terminal, an empty title is told what can be claimed', async () => {
  const inTerminal = (address: string): Promise<unknown> =>
    runCommand(
      process.execPath,
      [
        join(projectRoot, 'dist', 'index.js'),
        ...['--title', '', '--address', address, '--task-queue', server.taskQueue],
      ],
      { env: { PATH: process.env['PATH'], HOME: process.env['HOME'] } },
    );
  await expect(inTerminal(server.address)).rejects.toThrow(
    /No title is given.*To fix: write \[compatible-BUILD_ID\].*Live versions, to copy: \[compatible-v2\.1\] \(default version set of orders, \d+ running\)\./u,
  );
  // Without a server the help is missing, and nothing else.
  await expect(inTerminal('127.0.0.1:1')).rejects.toThrow(/No title is given.*claim nothing\.$/u);
});

test('a build ID that only another job of a matrix knows', async () => {
  const title = '[compatible-of-another-job] Check orders for fraud';
  const strict = await check('compatible', 'pass', {}, title);
  expect(strict.exitCode).toBe(1);
  expect(strict.outputs).toMatchObject({ reason: 'unknown-build' });
  const lenient = await check('compatible', 'pass', { 'on-unknown-build': 'pass' }, title);
  expect(lenient.exitCode).toBe(0);
  expect(lenient.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'unknown-build' });
  expect(levels(lenient)).toEqual(new Set(['warning']));
});
