import { afterAll, expect, test } from '@jest/globals';
import { existsSync, statSync } from 'node:fs';
import { makeFolder } from '../../src/files/make-folder.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';
import { given, skipUnless } from '../../testing/skip-unless.js';

const workspace = new WorkspaceFolder();
afterAll(() => workspace.remove());

test('makes a folder and all that it is in, once', () => {
  const path = workspace.at('a/b/c');
  makeFolder(path);
  makeFolder(path);
  expect(statSync(path).isDirectory()).toBe(true);
});

test('refuses a place that a file is in', () => {
  const file = workspace.file('file');
  expect(() => makeFolder(file)).toThrow(/EEXIST/u);
  expect(() => makeFolder(`${file}/below`)).toThrow(/ENOTDIR/u);
});

// Node's own recursive form would never come back.
skipUnless(given(existsSync('/proc/self'), 'it needs /proc')).test(
  'refuses where nobody can make one',
  () => {
    expect(() => makeFolder('/proc/self/nowhere')).toThrow(/ENOENT/u);
    expect(() => makeFolder('/proc/self/nowhere/deeper')).toThrow(/ENOENT/u);
  },
);
