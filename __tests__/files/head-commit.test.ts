import { afterAll, expect, test } from '@jest/globals';
import { headCommit } from '../../src/files/head-commit.js';
import { runCommand } from '../../testing/run-command.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';

const folder = new WorkspaceFolder();
afterAll(() => folder.remove());

const git = (...args: string[]) =>
  runCommand('git', ['-C', folder.path, '-c', 'user.name=x', '-c', 'user.email=x@x', ...args]);

test('HEAD is none outside of a repository, none before the first commit, then that commit', async () => {
  expect(await headCommit(folder.path)).toBeUndefined();
  await git('init', '--quiet');
  expect(await headCommit(folder.path)).toBeUndefined();
  await git('commit', '--quiet', '--allow-empty', '--message', 'first');
  expect(await headCommit(folder.path)).toMatch(/^[0-9a-f]{40}$/u);
});

test('a configuration of the checkout runs nothing', async () => {
  const proof = folder.at('../ran');
  await git('config', 'core.fsmonitor', `touch ${proof}; true`);
  await git('config', 'alias.rev-parse', `!touch ${proof}`);
  await headCommit(folder.path);
  await expect(runCommand('ls', [proof])).rejects.toThrow();
});
