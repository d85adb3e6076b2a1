import { describe, expect, test } from '@jest/globals';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { figure } from '../../testing/notes.js';
import { projectRoot } from '../../testing/project-root.js';
import { inTier } from '../../testing/tiers.js';
import { runCommand } from '../../testing/run-command.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { required } from '../../testing/toolchain.js';
import { findWorkflowLinters } from '../../testing/workflow-linters.js';

/** What comes into dist/ and how, as docs/dependencies.md and docs/releasing.md say it. */

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');

interface Manifest {
  readonly dependencies?: object;
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}
const manifest = JSON.parse(read('package.json')) as Manifest;
const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
const [runtime = '', development = ''] = read('docs/dependencies.md')
  .split('\n## ')
  .slice(1)
  .map((section) =>
    section
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .join('\n'),
  );

/** The packages that come into dist/, and what is said of each. */
const bundled = runtime.split('\n').map((row) => row.split('|').map((cell) => cell.trim()));
const bundledNames = bundled.map(([, name = '']) => name.replaceAll('`', ''));

describe('docs/dependencies.md', () => {
  test('says of each package that is bundled its size, keeper and reason', () => {
    for (const [, , size = '', keeper = '', reason = ''] of bundled) {
      expect(size).toMatch(/^\d+ kB$/u);
      expect(keeper.length).toBeGreaterThan(2);
      expect(reason.length).toBeGreaterThan(15);
    }
  });

  test('lists each package, bundled or for development, and no other', () => {
    const names = development
      .split('\n')
      .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/gu)])
      .map(([, name]) => name);
    expect([...names, ...bundledNames].toSorted()).toEqual(
      Object.keys(manifest.devDependencies).toSorted(),
    );
  });

  test('versions are exact', () => {
    for (const version of Object.values(manifest.devDependencies)) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/u);
    }
  });
});

test('npx takes dist/ as it is, and installs nothing', () => {
  expect(manifest.dependencies).toBeUndefined();
  expect(manifest.bin).toEqual({ 'temporal-replay-action': 'dist/terminal/index.js' });
  // For a repository with one of these, npm first installs everything that development needs.
  const prepares = ['postinstall', 'build', 'preinstall', 'install', 'prepack', 'prepare'];
  expect(Object.keys(manifest.scripts).filter((name) => prepares.includes(name))).toEqual([]);
});

/** Licences under which code may be handed on with its text beside it, as `licenses.txt` is. */
const PERMISSIVE = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD'];

describe('what is bundled', () => {
  const bom = JSON.parse(read('dist/sbom.cdx.json')) as {
    bomFormat: string;
    components: {
      name: string;
      version: string;
      licenses: { license: { id: string } }[];
      hashes?: { alg: string; content: string }[];
    }[];
  };
  const licenses = readdirSync(join(projectRoot, 'dist'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('licenses.txt'))
    .map((name) => read(join('dist', name)))
    .join('\n');

  test('is listed with version, hash and a licence that lets it be handed on, whose text is there', () => {
    expect(bom.bomFormat).toBe('CycloneDX');
    for (const {
      name,
      version,
      licenses: [one],
      hashes,
    } of bom.components) {
      expect(PERMISSIVE).toContain(one?.license.id);
      expect(licenses.split('\n')).toContain(name);
      const locked = Object.entries(lock.packages).find(
        ([path, each]) => path.endsWith(`node_modules/${name}`) && each.version === version,
      );
      const hash = Buffer.from(locked?.[1].integrity?.split('-')[1] ?? '', 'base64');
      expect(hashes).toEqual([{ alg: 'SHA-512', content: hash.toString('hex') }]);
    }
  });

  test('holds every runtime dependency', () => {
    const names = bom.components.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(bundledNames));
    figure('supply chain', `${names.length} packages bundled, each with its licence and hash`);
  });
});

describe('the build', () => {
  test('needs no script of a package: CI and the release install without', () => {
    for (const file of ['dist.yml', 'release.yml']) {
      const runs = read(`.github/workflows/${file}`).match(/npm (?:ci|install).*/gu);
      expect(runs).toEqual(['npm ci --ignore-scripts']);
    }
    const scripted = Object.entries(lock.packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.replace(/^.*node_modules\//u, ''));
    // protobufjs only looks for a mistake in how it is named; the others are tools of the tests.
    expect([...new Set(scripted)].toSorted()).toEqual([
      '@parcel/watcher',
      '@swc/core',
      'esbuild',
      'protobufjs',
    ]);
  });

  inTier('trust', 'two clean builds are the same', () => {
    test('of two folders of different path and without any such script is the same, byte by byte', async () => {
      const builds = await Promise.all(
        ['a', 'a-much/longer/path of another name'].map((path) => buildIn(path)),
      );
      const [one = new Map<string, string>(), other] = builds;
      expect(one.size).toBeGreaterThan(10);
      expect(other).toEqual(one);
      figure('supply chain', `${one.size} files the same in two clean builds`);
    }, 1_800_000);
  });
});

async function buildIn(path: string): Promise<ReadonlyMap<string, string>> {
  const folder = join(await temporaryFolder('clean-build'), path);
  mkdirSync(folder, { recursive: true });
  for (const name of [
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'src',
    'replayers',
    'scripts',
  ]) {
    cpSync(join(projectRoot, name), join(folder, name), { recursive: true });
  }
  await runCommand('npm', ['ci', '--ignore-scripts', '--prefer-offline', '--no-audit'], {
    cwd: folder,
  });
  await runCommand('node', ['scripts/build.mjs'], { cwd: folder });
  const dist = join(folder, 'dist');
  return new Map(
    readdirSync(dist, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [relative(dist, file), readFileSync(file, 'base64')]),
  );
}

const files = ['.github/workflows', 'examples/workflows'].flatMap((folder) =>
  readdirSync(join(projectRoot, folder)).map((name) => join(folder, name)),
);

describe('workflow files', () => {
  test('pin every action by its commit', () => {
    const used = files.flatMap((file) =>
      [...read(file).matchAll(/uses: (\S+)/gu)].map(([, action = '']) => action),
    );
    const others = used.filter((action) => !/^(?:\.\/|(?:org|OWNER)\/)/u.test(action));
    expect(others.length).toBeGreaterThan(10);
    for (const action of others) expect(action).toMatch(/@[0-9a-f]{40}$/u);
  });
});

await inTier('middle', 'workflow files under actionlint and zizmor', async () => {
  const linters = await findWorkflowLinters();
  skipUnless(linters).describe('workflow files', () => {
    test('are clean under actionlint and zizmor', async () => {
      const { actionlint, zizmor } = required(linters);
      expect(files.length).toBeGreaterThan(5);
      await runCommand(actionlint, ['-shellcheck=', '-pyflakes=', ...files], { cwd: projectRoot });
      await runCommand(
        zizmor,
        ['--offline', '--no-progress', '--config', '.github/zizmor.yml', ...files],
        { cwd: projectRoot },
      );
      figure('supply chain', `${files.length} workflow files clean under actionlint and zizmor`);
    });

    test('a hole in one is found', async () => {
      const { actionlint, zizmor } = required(linters);
      const folder = await temporaryFolder('workflows');
      const file = join(folder, 'hole.yml');
      writeFileSync(
        file,
        'on: pull_request\njobs:\n  x:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.event.pull_request.title }}\n',
      );
      await expect(runCommand(zizmor, ['--offline', '--quiet', file])).rejects.toThrow(/template/u);
      await expect(runCommand(actionlint, [file])).rejects.toThrow(/untrusted/u);
    });
  });
});
