import { afterAll, expect, test } from '@jest/globals';
import { symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { historyCacheSettings } from '../../src/inputs/history-cache-settings.js';
import type { UserError } from '../../src/model/user-error.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';

const workspace = new WorkspaceFolder();
afterAll(() => workspace.remove());

const PASSPHRASE = 'sixteen or more of them';

function problemOf(
  path: string | undefined,
  passphrase: string | undefined = PASSPHRASE,
): UserError {
  try {
    historyCacheSettings(
      { 'history-cache': path, 'history-cache-passphrase': passphrase },
      workspace.path,
    );
  } catch (error) {
    return error as UserError;
  }
  throw new Error('it was accepted');
}

test('a folder beside the checkout is taken, also before it is there', () => {
  const folder = join(dirname(workspace.path), 'not-there-yet', 'histories');
  expect(
    historyCacheSettings(
      { 'history-cache': folder, 'history-cache-passphrase': PASSPHRASE },
      workspace.path,
    ),
  ).toEqual({ folder, passphrase: PASSPHRASE });
});

test('without either input nothing is kept', () => {
  expect(
    historyCacheSettings(
      { 'history-cache': undefined, 'history-cache-passphrase': undefined },
      workspace.path,
    ),
  ).toBeUndefined();
});

test('a folder that the pull request could bring along is refused, by whatever way it is named', () => {
  const link = join(dirname(workspace.path), `link-to-${String(process.pid)}`);
  symlinkSync(workspace.path, link);
  for (const path of [
    'histories',
    './histories',
    workspace.path,
    join(workspace.path, 'histories'),
    join(workspace.path, '..', workspace.path.split('/').at(-1) ?? '', 'histories'),
    join(link, 'histories'),
    dirname(workspace.path),
    '/',
  ]) {
    expect(problemOf(path)).toMatchObject({
      found: `Input history-cache is "${path}"`,
      expected: expect.stringContaining('is not in the checkout and does not contain it'),
    });
  }
});

test('a passphrase is needed, of some length, and its value is not repeated', () => {
  const folder = join(dirname(workspace.path), 'histories');
  expect(() =>
    historyCacheSettings(
      { 'history-cache': folder, 'history-cache-passphrase': undefined },
      workspace.path,
    ),
  ).toThrow(/history-cache-passphrase is empty/u);
  const short = problemOf(folder, 'too short');
  expect(short.found).toBe('Input history-cache-passphrase has 9 characters');
  expect(JSON.stringify(short)).not.toContain('too short');
  expect(problemOf(undefined).found).toMatch(/history-cache is empty/u);
});
