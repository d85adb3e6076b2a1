import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { JUDGED_INPUTS, judgedWorkspace } from '../../testing/judged-workspace.js';
import { projectRoot } from '../../testing/project-root.js';
import { checkHere } from '../../testing/pull-request-check.js';
import { runCommand } from '../../testing/run-command.js';
import type { Workspace } from '../../testing/workspace.js';

/** What the whole job makes of a check that would be green, over one history file and without a server. */

const HISTORY = join('__tests__', 'fixtures', 'histories', 'orders-1.24.0', 'order-charging.json');
const GREEN = {
  title: '[compatible-v1.0] Ship faster',
  inputs: { histories: 'histories/*', ...JUDGED_INPUTS },
};

let workspace: Workspace;
beforeAll(async () => {
  workspace = await judgedWorkspace();
  await mkdir(join(workspace.path, 'histories'));
  await copyFile(join(projectRoot, HISTORY), join(workspace.path, 'histories', 'order.json'));
});
afterAll(() => workspace.remove());

test('it is green', async () => {
  const { exitCode, outputs } = await checkHere(workspace, GREEN);
  expect([exitCode, outputs['verdict'], outputs['passed']]).toEqual([0, 'compatible', '1']);
});

test('it is red where the verdict cannot be handed on', async () => {
  const { exitCode, annotations } = await checkHere(workspace, {
    ...GREEN,
    // A folder, to which nothing can be appended.
    env: { GITHUB_OUTPUT: workspace.path },
  });
  expect(exitCode).toBe(1);
  expect(annotations[0]?.message).toMatch(/The outputs cannot be written/u);
});

test('it comments at the pull request where it is asked to', async () => {
  let comments: readonly { readonly body: string }[] = [];
  const { exitCode } = await checkHere(workspace, {
    ...GREEN,
    inputs: { ...GREEN.inputs, comment: 'always' },
    prepare: (github) => {
      comments = github.comments();
    },
  });
  expect(exitCode).toBe(0);
  expect(comments.map(({ body }) => body)).toEqual([
    expect.stringMatching(
      /^<!-- temporal-replay-action [\da-f]{16} run \d+\.1 -->\n## ✅ Compatible\n/u,
    ),
  ]);
});

test('a comment that GitHub refuses leaves the verdict as it is, and is told', async () => {
  const { exitCode, annotations, outputs } = await checkHere(workspace, {
    ...GREEN,
    inputs: { ...GREEN.inputs, comment: 'always' },
    prepare: (github) => {
      github.fail({ kind: 'status', status: 403 }, { path: /comments/u });
    },
  });
  expect([exitCode, outputs['verdict']]).toEqual([0, 'compatible']);
  expect(annotations.map(({ level, message }) => [level, message])).toEqual([
    [
      'warning',
      expect.stringMatching(/The verdict stands without its comment.*pull-requests: write/u),
    ],
  ]);
});

test('a report that cannot be written costs none of the others, and the verdict stands', async () => {
  const { path } = workspace;
  await mkdir(join(path, 'reports', 'folder.html'), { recursive: true });
  const reports = [
    'reports/folder.html',
    '/proc/no.sarif',
    'reports/a.html',
    'reports/a.xml',
    'reports/a.sarif',
  ];
  const { exitCode, outputs, annotations } = await checkHere(workspace, {
    ...GREEN,
    inputs: { ...GREEN.inputs, reports: reports.join(',') },
  });
  expect([exitCode, outputs['verdict']]).toEqual([0, 'compatible']);
  expect(annotations.map(({ level, message }) => `${level}: ${message}`)).toEqual([
    expect.stringMatching(/^warning: The report \S+folder\.html cannot be written: .*\bE[A-Z]+/u),
    expect.stringMatching(/^warning: The report \/proc\/no\.sarif cannot be written: .*\bE[A-Z]+/u),
  ]);
  const written = await Promise.all(
    reports.slice(2).map((name) => readFile(join(path, name), 'utf8')),
  );
  expect(written).toEqual([
    expect.stringContaining('The check is green'),
    expect.stringContaining('<testsuites name="Temporal replay: compatible (all-replayed)"'),
    expect.stringContaining('"verdict": "compatible"'),
  ]);
});

test('a check that ends early is reported in every form', async () => {
  const reports = ['reports/early.html', 'reports/early.xml', 'reports/early.sarif'];
  const { exitCode, outputs } = await checkHere(workspace, {
    ...GREEN,
    inputs: { ...GREEN.inputs, histories: 'nowhere/*', reports: reports.join(',') },
  });
  expect([exitCode, outputs['verdict']]).toEqual([1, 'inconclusive']);
  const [page, xml, sarif] = await Promise.all(
    reports.map((name) => readFile(join(workspace.path, name), 'utf8')),
  );
  expect(page).toContain('The check is red');
  expect(xml).toContain('failures="0" errors="1"');
  expect(sarif).toContain('"executionSuccessful": false');
});

test('it is inconclusive where the checkout moves meanwhile', async () => {
  let moving: Promise<unknown> | undefined;
  const { exitCode, outputs, annotations } = await checkHere(workspace, {
    ...GREEN,
    prepare: ({ requests }) => {
      const push = requests.push.bind(requests);
      requests.push = (...more) => {
        const who = ['-c', 'user.name=x', '-c', 'user.email=x@x'];
        const commit = ['commit', '--quiet', '--allow-empty', '--message', 'other code'];
        moving ??= runCommand('git', ['-C', workspace.path, ...who, ...commit]);
        return push(...more);
      };
    },
  });
  await moving;
  expect(annotations[0]?.message).toMatch(/The checkout's HEAD changed while the check ran/u);
  expect([exitCode, outputs['reason']]).toEqual([1, 'moved']);
});
