import { describe, expect, test } from '@jest/globals';
import { cp, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ordersWorkspace } from '../../testing/orders-application.js';
import { checkPullRequest } from '../../testing/pull-request-check.js';
import { findNode24 } from '../../testing/node24.js';
import { projectRoot } from '../../testing/project-root.js';
import { runCommand } from '../../testing/run-command.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { inTier } from '../../testing/tiers.js';
import { required } from '../../testing/toolchain.js';

/** What users run: the committed dist/, alone. */

async function distAlone(): Promise<string> {
  const folder = await temporaryFolder('dist-alone');
  await mkdir(join(folder, 'action'));
  await cp(join(projectRoot, 'dist'), join(folder, 'action', 'dist'), { recursive: true });
  return join(folder, 'action', 'dist');
}

async function sizeOf(folder: string): Promise<number> {
  let size = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) size += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return size;
}

test('dist/ is at most 4 MB', async () => {
  expect(await sizeOf(join(projectRoot, 'dist'))).toBeLessThanOrEqual(4_000_000);
});

test('dist/ names no path of the machine that built it', async () => {
  for (const file of ['index.js', 'replayers/typescript/index.js']) {
    const text = await readFile(join(projectRoot, 'dist', file), 'utf8');
    expect(text).not.toContain(projectRoot);
  }
});

test('the licence texts of what is bundled come along', async () => {
  const text = await readFile(join(projectRoot, 'dist', 'licenses.txt'), 'utf8');
  for (const name of [
    '@actions/core',
    '@actions/github',
    '@temporalio/client',
    '@grpc/grpc-js',
    'zod',
    'protobufjs',
  ]) {
    expect(text).toContain(name);
  }
});

test('alone in an empty folder it runs, and replays with the SDK of the workspace', async () => {
  const dist = await distAlone();
  const workspace = await ordersWorkspace();
  const histories = join(projectRoot, '__tests__', 'fixtures', 'histories', 'orders-1.24.0');
  await cp(histories, join(workspace.path, 'histories'), { recursive: true });
  const result = await checkPullRequest(workspace, {
    title: '[compatible-v1.0] Ship faster',
    dist: join(dist, 'index.js'),
    inputs: { histories: 'histories/*.json' },
  });
  await workspace.remove();
  expect(result.outputs).toMatchObject({ verdict: 'compatible' });
  expect(Number(result.outputs['passed'])).toBeGreaterThan(3);
});

describe('without a claim', () => {
  const cpu = async (node?: string): Promise<number> => {
    const workspace = await ordersWorkspace();
    const result = await checkPullRequest(workspace, {
      title: 'Ship faster',
      measureCpu: true,
      ...(node === undefined ? {} : { node }),
    });
    await workspace.remove();
    expect(result.outputs['verdict']).toBe('not-claimed');
    expect(result.exitCode).toBe(0);
    return result.cpuMs ?? Number.NaN;
  };

  /** CPU milliseconds of a Node that does nothing: what this machine, as busy as it is, takes to start. */
  const emptyNode = async (node: string): Promise<number> => {
    const { stdout } = await runCommand('bash', ['-c', '"$0" -e 0; times', node]);
    const [, children = ''] = stdout.split('\n');
    return [...children.matchAll(/(\d+)m([\d.]+)s/gu)].reduce(
      (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000,
      0,
    );
  };

  // 0.7 s where Node itself starts within 45 ms; a busy machine takes as many times longer for both.
  const EMPTY_NODES = 16;
  const isQuick = async (node?: string): Promise<void> => {
    const times: number[] = [];
    const empty: number[] = [];
    for (let run = 0; run < 3; run += 1) {
      empty.push(await emptyNode(node ?? process.execPath));
      times.push(await cpu(node));
    }
    const limit = Math.max(700, EMPTY_NODES * Math.min(...empty));
    expect(Math.min(...empty)).toBeGreaterThan(0);
    expect(Math.min(...times)).toBeLessThanOrEqual(limit);
  };

  test('no more CPU than 16 times that of a Node which does nothing', () => isQuick(), 60_000);

  inTier('middle', 'what a title without a claim costs on Node 24', () => {
    test('no more CPU than 16 times that of a Node which does nothing, on Node 24', async () => {
      await isQuick(required(await findNode24()).path);
    });
  });
});

test('a promise that never settles is red', async () => {
  // The first program that it asks, git, never answers, and nothing is left that could go on.
  const preload = join(await temporaryFolder('never-settles'), 'preload.cjs');
  await writeFile(
    preload,
    `const programs = require('node:child_process');
programs.execFile = () => undefined;
programs.execFile[require('node:util').promisify.custom] = () => {
  console.error('it waits');
  return new Promise(() => {});
};
require('node:module').syncBuiltinESMExports();
`,
  );
  const workspace = await ordersWorkspace();
  const result = await checkPullRequest(workspace, {
    title: '[compatible-v1.0] Ship faster',
    env: { NODE_OPTIONS: `--require=${preload}` },
  });
  await workspace.remove();
  expect(result.stderr + result.stdout).toContain('it waits');
  expect(result.outputs).toEqual({});
  expect([1, 13]).toContain(result.exitCode);
});
