import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WholeFolder } from '../../src/files/whole-folder.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { mountTinyDisk, TINY_DISK } from '../../testing/tiny-disk.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';

let workspace: WorkspaceFolder;
beforeEach(() => {
  workspace = new WorkspaceFolder();
});
afterEach(() => {
  workspace.remove();
});

test.each(['new/corpus', 'empty'])('%s gets its files at once, for the owner only', (name) => {
  mkdirSync(workspace.at('empty'));
  const folder = WholeFolder.open(workspace.at(name));
  folder.write('a.json', '{}');
  folder.write('b.json', Buffer.from('{}'));
  expect(readdirSync(workspace.path, { recursive: true })).not.toContain(join(name, 'a.json'));
  folder.finish();
  folder.discard();
  expect(readdirSync(workspace.at(name)).sort()).toEqual(['a.json', 'b.json']);
  expect(readFileSync(workspace.at(`${name}/a.json`), 'utf8')).toBe('{}');
  expect(statSync(workspace.at(`${name}/a.json`)).mode & 0o077).toBe(0);
  expect(statSync(workspace.at(name)).mode & 0o077).toBe(0);
});

test('what is given up leaves nothing', () => {
  const folder = WholeFolder.open(workspace.at('corpus'));
  folder.write('a.json', '{}');
  folder.discard();
  expect(readdirSync(workspace.path)).toEqual([]);
});

test('a folder that is not empty is refused, and stays as it is', () => {
  workspace.file('corpus/old.json', 'old');
  expect(() => WholeFolder.open(workspace.at('corpus'))).toThrow(/holds 1 entry.*empty folder/u);
  expect(readdirSync(workspace.at('corpus'))).toEqual(['old.json']);
});

test('a file in its place is refused', () => {
  workspace.file('corpus', 'old');
  expect(() => WholeFolder.open(workspace.at('corpus'))).toThrow(/is a file/u);
});

test('a place where no folder can be made is refused', () => {
  expect(() => WholeFolder.open('/proc/corpus')).toThrow(/cannot be written/u);
});

test('what comes to its place meanwhile stays, and the files are not mixed', () => {
  const folder = WholeFolder.open(workspace.at('corpus'));
  folder.write('a.json', '{}');
  mkdirSync(workspace.at('corpus'));
  writeFileSync(workspace.at('corpus/other'), '');
  expect(() => folder.finish()).toThrow(/holds 1 entry/u);
  folder.discard();
  expect(readdirSync(workspace.at('corpus'))).toEqual(['other']);
});

skipUnless(TINY_DISK).describe('on a disk that is full', () => {
  test('nothing is left', () => {
    const disk = mountTinyDisk(64);
    try {
      const folder = WholeFolder.open(join(disk.path, 'corpus'));
      folder.write('a.json', 'a'.repeat(10_000));
      expect(() => folder.write('b.json', 'b'.repeat(100_000))).toThrow(/ENOSPC.*free space/u);
      folder.discard();
      expect(readdirSync(disk.path)).toEqual([]);
    } finally {
      disk.unmount();
    }
  });
});

describe('names', () => {
  test('are written once', () => {
    const folder = WholeFolder.open(workspace.at('corpus'));
    folder.write('a.json', '{}');
    expect(() => folder.write('a.json', '{}')).toThrow(/EEXIST/u);
    folder.discard();
  });
});
