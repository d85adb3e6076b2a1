import { beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { lstat, mkdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CodeCopy, withEdits } from '../../src/files/code-copy.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';

const EDIT = { file: 'src/order.ts', line: 2, before: ['two'], after: ['2', '2b'] };
const never = new AbortController().signal;
let workspace = '';
let folder = '';

beforeEach(async () => {
  workspace = await temporaryFolder('workspace');
  folder = await temporaryFolder('copies');
  for (const name of ['src', 'node_modules/sdk', '.git', 'base', 'env']) {
    await mkdir(join(workspace, name), { recursive: true });
  }
  await writeFile(join(workspace, 'src/order.ts'), 'one\r\ntwo\r\nthree\r\n');
  await writeFile(join(workspace, 'base/order.ts'), 'old');
  await writeFile(join(workspace, 'env/pyvenv.cfg'), '');
});

const made = (): Promise<CodeCopy> =>
  CodeCopy.make(workspace, folder, [join(workspace, 'base')], never);

describe('a copy of the workspace', () => {
  test('holds the code, links what is installed, and leaves out the rest', async () => {
    const copy = await made();
    expect(await readFile(join(copy.root, 'src/order.ts'), 'utf8')).toContain('two');
    expect(await readlink(join(copy.root, 'node_modules'))).toBe(join(workspace, 'node_modules'));
    expect(await readlink(join(copy.root, 'env'))).toBe(join(workspace, 'env'));
    expect(['.git', 'base'].filter((name) => existsSync(join(copy.root, name)))).toEqual([]);
    expect(copy.at(join(workspace, 'src'))).toBe(join(copy.root, 'src'));
    expect([copy.at('src'), copy.at('/usr')]).toEqual(['src', '/usr']);
    await copy.remove();
    expect(existsSync(folder)).toBe(false);
    expect(existsSync(join(workspace, 'src/order.ts'))).toBe(true);
  });

  test('holds an edit while work goes on, and the workspace never does', async () => {
    const copy = await made();
    const file = join(copy.root, 'src/order.ts');
    const text = await copy.with([EDIT], () => readFile(file, 'utf8'));
    expect(text).toBe('one\r\n2\r\n2b\r\nthree\r\n');
    expect(await readFile(file, 'utf8')).toBe('one\r\ntwo\r\nthree\r\n');
    await expect(copy.with([EDIT], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await readFile(file, 'utf8')).toBe('one\r\ntwo\r\nthree\r\n');
    expect(await readFile(join(workspace, 'src/order.ts'), 'utf8')).toContain('two');
  });

  test('writes through no link', async () => {
    const outside = join(await temporaryFolder('outside'), basename('order.ts'));
    await writeFile(outside, 'one\ntwo\n');
    await symlink(outside, join(workspace, 'src/linked.ts'));
    const copy = await made();
    expect((await lstat(join(copy.root, 'src/linked.ts'))).isSymbolicLink()).toBe(true);
    for (const file of ['src/linked.ts', '../copies.ts', 'node_modules/sdk']) {
      await expect(copy.with([{ ...EDIT, file }], () => Promise.resolve('done'))).rejects.toThrow();
    }
    expect(await readFile(outside, 'utf8')).toBe('one\ntwo\n');
  });
});

test('an edit of lines that are not there is refused', () => {
  expect(() => withEdits('one\nother\n', [EDIT])).toThrow('has changed meanwhile');
});
