import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { appendWhole, writeWhole } from '../../src/files/write-whole.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { mountTinyDisk, TINY_DISK, type TinyDisk } from '../../testing/tiny-disk.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder('write-whole');
});
afterEach(() => removeFolder(folder));

test('a file is written, and replaced', () => {
  const path = join(folder, 'report.json');
  writeWhole(path, 'one');
  writeWhole(path, 'two');
  expect(readFileSync(path, 'utf8')).toBe('two');
  expect(readdirSync(folder)).toEqual(['report.json']);
});

test('a link in its place is replaced, and what it led to stays as it was', () => {
  writeFileSync(join(folder, 'other'), 'other');
  symlinkSync(join(folder, 'other'), join(folder, 'report.json'));
  writeWhole(join(folder, 'report.json'), 'one');
  expect(readFileSync(join(folder, 'other'), 'utf8')).toBe('other');
});

test('a link that stands where its content is written first is not followed', () => {
  writeFileSync(join(folder, 'other'), 'other');
  symlinkSync(join(folder, 'other'), join(folder, 'report.json.partial'));
  writeWhole(join(folder, 'report.json'), 'one');
  expect(readFileSync(join(folder, 'other'), 'utf8')).toBe('other');
  expect(readFileSync(join(folder, 'report.json'), 'utf8')).toBe('one');
});

test('what cannot get its name is not there at all', () => {
  const path = join(folder, 'report.json');
  mkdirSync(path);
  expect(() => writeWhole(path, 'one')).toThrow();
  expect(readdirSync(folder)).toEqual(['report.json']);
});

test('text is appended behind what others wrote', () => {
  const path = join(folder, 'output');
  writeFileSync(path, 'a\n');
  appendWhole(path, 'b\n');
  expect(readFileSync(path, 'utf8')).toBe('a\nb\n');
});

skipUnless(TINY_DISK).describe('on a disk that is full', () => {
  let disk: TinyDisk;
  beforeEach(() => {
    disk = mountTinyDisk(16);
  });
  afterEach(() => disk.unmount());
  const large = 'x'.repeat(64 * 1024);

  test('a file is absent', () => {
    const { path } = disk;
    expect(() => writeWhole(join(path, 'report.json'), large)).toThrow('ENOSPC');
    expect(readdirSync(path)).toEqual([]);
  });

  test('a file that was there stays as it was', () => {
    const path = join(disk.path, 'output');
    writeFileSync(path, 'a\n');
    expect(() => appendWhole(path, large)).toThrow('ENOSPC');
    expect(readFileSync(path, 'utf8')).toBe('a\n');
  });
});
