import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { removeOldLinks, sharePackages, whyNotShared } from '../../src/files/shared-packages.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';

let workspace: WorkspaceFolder;
beforeEach(() => {
  workspace = new WorkspaceFolder();
  for (const side of ['', '.baseline/']) {
    workspace.folder(`${side}apps/orders`);
    workspace.folder(`${side}packages/shared`);
    write(`${side}package.json`, '{"packageManager":"npm@11.0.0"}');
    write(`${side}package-lock.json`, '{"lockfileVersion":3}');
  }
  workspace.file('node_modules/@temporalio/worker/package.json');
  workspace.file('node_modules/left/package.json');
  workspace.file('node_modules/@repo/other/package.json');
  workspace.link('node_modules/@repo/shared', 'packages/shared');
});
afterEach(() => workspace.remove());

function write(path: string, text: string): void {
  workspace.file(path, text);
}

const why = (): string | undefined =>
  whyNotShared(workspace.path, workspace.at('.baseline'), workspace.at('apps/orders'));

describe('what is installed serves the baseline', () => {
  test('where the lock file is the same byte for byte', () => {
    expect(why()).toBeUndefined();
  });

  test.each([
    ['package-lock.json', '{"lockfileVersion":3} '],
    ['yarn.lock', 'of another package manager'],
    ['pnpm-lock.yaml', 'of another package manager'],
    ['bun.lock', '{}'],
    ['bun.lockb', 'bytes'],
    ['apps/orders/package-lock.json', '{}'],
    ['patches/left+1.0.0.patch', 'changed'],
  ])('not where %s differs', (file, text) => {
    write(`.baseline/${file}`, text);
    expect(why()).toContain(`${file.replace(/patches\/.*/u, 'patches')} differs`);
  });

  test('not where the lock file of npm copies a folder; one that npm links is its own', () => {
    const lock = (resolved: string): void => {
      for (const side of ['', '.baseline/']) {
        write(`${side}package-lock.json`, `{"x":{"resolved":"${resolved}","left":"file:../left"}}`);
      }
    };
    lock('packages/shared');
    expect(why()).toBeUndefined();
    lock('file:packages/shared');
    expect(why()).toContain('package-lock.json names copies');
  });

  test('not where a package of the workspace depends on something else, which Yarn 1 does not lock', () => {
    write('packages/shared/package.json', '{"dependencies":{"left":"2.0.0"}}');
    write('.baseline/packages/shared/package.json', '{"dependencies":{"left":"1.0.0"}}');
    expect(why()).toBe('dependencies in packages/shared/package.json differs');
    write('.baseline/packages/shared/package.json', '{"dependencies":{"left":"2.0.0"},"name":"s"}');
    expect(why()).toBeUndefined();
  });

  test('not where the lock file is the same while the package manager is another', () => {
    write('.baseline/package.json', '{"packageManager":"pnpm@10.0.0"}');
    expect(why()).toBe('packageManager in package.json differs');
  });

  test.each(['"left@file:../packages/shared"', '{"resolved":"file:vendor/left.tgz"}'])(
    "not where it could hold copies of the other side's files: %s",
    (lock) => {
      for (const side of ['', '.baseline/']) write(`${side}yarn.lock`, lock);
      expect(why()).toContain('yarn.lock names copies');
    },
  );

  test('not where nothing is locked', () => {
    for (const side of ['', '.baseline/']) rmSync(workspace.at(`${side}package-lock.json`));
    expect(why()).toBe('there is no lock file to compare');
  });
});

describe('the links', () => {
  const real = (path: string): string => realpathSync(workspace.at(path));

  test("lead to the head's packages, but to the baseline's own packages of the workspace", () => {
    sharePackages(workspace.path, workspace.at('.baseline'));
    expect(real('.baseline/node_modules/left')).toBe(workspace.at('node_modules/left'));
    expect(real('.baseline/node_modules/@temporalio/worker')).toBe(
      workspace.at('node_modules/@temporalio/worker'),
    );
    expect(real('.baseline/node_modules/@repo/other')).toBe(
      workspace.at('node_modules/@repo/other'),
    );
    expect(real('.baseline/node_modules/@repo/shared')).toBe(
      workspace.at('.baseline/packages/shared'),
    );
  });

  test('are made in each folder that has packages, also where a link leads to a store', () => {
    workspace.file('node_modules/.pnpm/right@1/node_modules/right/package.json');
    workspace.folder('apps/orders/node_modules');
    workspace.link(
      'apps/orders/node_modules/right',
      'node_modules/.pnpm/right@1/node_modules/right',
    );
    sharePackages(workspace.path, workspace.at('.baseline'));
    expect(real('.baseline/apps/orders/node_modules/right')).toBe(
      workspace.at('node_modules/.pnpm/right@1/node_modules/right'),
    );
  });

  test('are taken away again, without what they lead to', () => {
    workspace.folder('.baseline/apps/orders/node_modules');
    workspace.folder('apps/orders/node_modules');
    sharePackages(workspace.path, workspace.at('.baseline'))();
    expect(existsSync(workspace.at('.baseline/node_modules'))).toBe(false);
    expect(existsSync(workspace.at('node_modules/left/package.json'))).toBe(true);
    // It was there before.
    expect(readdirSync(workspace.at('.baseline/apps/orders'))).toEqual(['node_modules']);
  });

  test('of a run that was killed are taken away by the next', () => {
    workspace.file('.baseline/apps/orders/node_modules/own/package.json');
    sharePackages(workspace.path, workspace.at('.baseline'));
    removeOldLinks(workspace.at('.baseline'));
    expect(existsSync(workspace.at('.baseline/node_modules'))).toBe(false);
    expect(existsSync(workspace.at('.baseline/apps/orders/node_modules/own'))).toBe(true);
    expect(existsSync(workspace.at('node_modules/left/package.json'))).toBe(true);
  });
});
