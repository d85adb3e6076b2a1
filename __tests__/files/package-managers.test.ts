/** @tier middle */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { sharePackages, whyNotShared } from '../../src/files/shared-packages.js';
import { npmEnvironment } from '../../testing/npm-install.js';
import { findPackageManagers, type PackageManager } from '../../testing/package-managers.js';
import { runCommand } from '../../testing/run-command.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';

/**
 * Workspaces that real package managers install: the baseline has its own packages of the workspace, and of all others
 * those of the code under test.
 */

const managers = await findPackageManagers();

interface Kind {
  readonly name: 'npm' | PackageManager;
  readonly lockFile: string;
  /** How a package of the workspace is named. */
  readonly own: string;
  /** What the manager makes of `file:` with a folder. */
  readonly copies: boolean;
  readonly install: readonly string[];
}

const KINDS: readonly Kind[] = [
  {
    name: 'npm',
    lockFile: 'package-lock.json',
    own: '1.0.0',
    copies: false,
    install: ['install', '--no-audit', '--no-fund', '--loglevel=error'],
  },
  {
    name: 'pnpm 9',
    lockFile: 'pnpm-lock.yaml',
    own: 'workspace:*',
    copies: true,
    install: ['install', '--no-frozen-lockfile'],
  },
  { name: 'yarn 1', lockFile: 'yarn.lock', own: '1.0.0', copies: true, install: ['install'] },
  { name: 'yarn 4', lockFile: 'yarn.lock', own: 'workspace:*', copies: true, install: ['install'] },
];

/** From the registry, without dependencies. */
const FOREIGN = 'ms';

skipUnless(managers).describe.each(KINDS)('a workspace of $name', (kind) => {
  let checkout: string;
  let baseline: string;
  let application: string;

  beforeAll(async () => {
    checkout = realpathSync(await temporaryFolder('checkout'));
    baseline = join(checkout, '.baseline');
    application = join(checkout, 'apps', 'orders');
    const workspaces = ['apps/*', 'packages/*'];
    write('package.json', { name: 'repo', private: true, workspaces });
    if (kind.name === 'pnpm 9') {
      write('pnpm-workspace.yaml', `packages: ${JSON.stringify(workspaces)}\n`);
    }
    write('packages/shared/package.json', { name: '@repo/shared', version: '1.0.0' });
    write('packages/shared/index.js', "module.exports = 'head';\n");
    // A folder that no workspace holds, for "file:".
    write('vendor/legacy/package.json', { name: '@repo/legacy', version: '1.0.0' });
    write('vendor/legacy/index.js', "module.exports = 'head';\n");
    depend({});
    await install();
    // What another commit would be: the same lock file, other code, nothing installed.
    await checkOutBaseline();
  });
  afterAll(() => removeFolder(checkout));

  function write(path: string, content: unknown): void {
    mkdirSync(dirname(join(checkout, path)), { recursive: true });
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(join(checkout, path), text);
  }

  function depend(more: Readonly<Record<string, string>>): void {
    write('apps/orders/package.json', {
      name: '@repo/orders',
      version: '1.0.0',
      dependencies: { '@repo/shared': kind.own, [FOREIGN]: '2.1.3', ...more },
    });
  }

  async function install(): Promise<void> {
    if (!managers.available) throw new Error('checked above');
    const registry = await runCommand('npm', ['config', 'get', 'registry']);
    const env = {
      ...npmEnvironment(),
      YARN_NODE_LINKER: 'node-modules',
      YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
      YARN_ENABLE_TELEMETRY: '0',
      YARN_NPM_REGISTRY_SERVER: registry.stdout.trim(),
    };
    const where = { cwd: checkout, env };
    if (kind.name === 'npm') await runCommand('npm', kind.install, where);
    else await runCommand(process.execPath, [managers.program(kind.name), ...kind.install], where);
  }

  async function checkOutBaseline(): Promise<void> {
    await removeFolder(baseline);
    for (const name of ['package.json', kind.lockFile, 'apps', 'packages', 'vendor']) {
      await cp(join(checkout, name), join(baseline, name), {
        recursive: true,
        filter: (path) => !path.split('/').includes('node_modules'),
      });
    }
    for (const name of ['packages/shared', 'vendor/legacy']) {
      writeFileSync(join(baseline, name, 'index.js'), "module.exports = 'baseline';\n");
    }
  }

  /** What Node finds from the baseline's application. */
  const load = (name: string): unknown =>
    createRequire(join(baseline, 'apps', 'orders', 'index.js'))(name);
  const found = (from: string, name: string): string =>
    realpathSync(createRequire(join(from, 'index.js')).resolve(name));

  test('serves the baseline, which keeps its own packages; and the links are taken away', () => {
    expect(existsSync(join(checkout, kind.lockFile))).toBe(true);
    expect(whyNotShared(checkout, baseline, application)).toBeUndefined();
    const takeAway = sharePackages(checkout, baseline);
    expect(found(join(baseline, 'apps', 'orders'), FOREIGN)).toBe(found(application, FOREIGN));
    expect(found(join(baseline, 'apps', 'orders'), '@repo/shared')).toBe(
      join(baseline, 'packages', 'shared', 'index.js'),
    );
    expect(load('@repo/shared')).toBe('baseline');
    takeAway();
    expect(existsSync(join(baseline, 'node_modules'))).toBe(false);
    expect(existsSync(join(baseline, 'apps', 'orders', 'node_modules'))).toBe(false);
    expect(readFileSync(found(application, FOREIGN), 'utf8')).not.toBe('');
  });

  test('does not where a package of the workspace asks for another release, whatever is locked', async () => {
    const manifest = join(baseline, 'apps', 'orders', 'package.json');
    const before = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, before.replace('2.1.3', '^2.1.3'));
    expect(whyNotShared(checkout, baseline, application)).toBe(
      'dependencies in apps/orders/package.json differs',
    );
    writeFileSync(manifest, before);
  });

  describe('with a package that is named by "file:"', () => {
    beforeAll(async () => {
      depend({ '@repo/legacy': 'file:../../vendor/legacy' });
      await install();
      await checkOutBaseline();
    });

    const why = (): string | undefined => whyNotShared(checkout, baseline, application);
    if (kind.copies) {
      test('does not: it is a copy of the code under test', () => {
        expect(why()).toContain(`${kind.lockFile} names copies`);
      });
    } else {
      test('does: it is a link, and leads to the baseline', () => {
        expect(why()).toBeUndefined();
        const takeAway = sharePackages(checkout, baseline);
        expect(load('@repo/legacy')).toBe('baseline');
        takeAway();
      });
    }
  });
});
