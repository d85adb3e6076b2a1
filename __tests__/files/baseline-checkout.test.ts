import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openBaselineCheckout, type BaselineCheckout } from '../../src/files/baseline-checkout.js';
import type { ReplayerSettings } from '../../src/model/settings.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';

const HEAD = 'a'.repeat(40);
const BASE = 'b'.repeat(40);

const TYPESCRIPT: ReplayerSettings['language'] = () => ({
  name: 'typescript',
  because: undefined,
});
const NO_VARIABLES = (): Record<string, string> => ({});

let workspace: WorkspaceFolder;
beforeEach(() => {
  workspace = new WorkspaceFolder();
  workspace.file('app/node_modules/@temporalio/worker/package.json');
  workspace.file('.baseline/.git/HEAD');
  workspace.file('.baseline/app/node_modules/@temporalio/worker/package.json');
});
afterEach(() => workspace.remove());

async function open(
  given = '.baseline',
  changes: Partial<ReplayerSettings> = {},
  commit: string | undefined = BASE,
  sharesPython = false,
): Promise<BaselineCheckout> {
  const replayer: ReplayerSettings = {
    language: TYPESCRIPT,
    workingDirectory: workspace.at('app'),
    workflows: undefined,
    replayOptions: undefined,
    variables: NO_VARIABLES,
    isolation: 'auto',
    ...changes,
  };
  return openBaselineCheckout(
    given,
    workspace.path,
    replayer,
    [HEAD],
    () => Promise.resolve(commit),
    () => Promise.resolve(sharesPython),
  );
}

const explanationOf = (checkout: BaselineCheckout): string =>
  checkout.kind === 'unusable' ? checkout.explanation : 'usable';

test('a baseline has the same application, in its own folder', async () => {
  workspace.file('app/replay-options.ts');
  workspace.file('.baseline/app/replay-options.ts');
  expect(await open('.baseline', { replayOptions: workspace.at('app/replay-options.ts') })).toEqual(
    {
      kind: 'usable',
      commit: BASE,
      directory: workspace.at('.baseline'),
      replayer: {
        language: TYPESCRIPT,
        workingDirectory: workspace.at('.baseline/app'),
        workflows: undefined,
        replayOptions: workspace.at('.baseline/app/replay-options.ts'),
        variables: NO_VARIABLES,
        isolation: 'auto',
      },
    },
  );
});

describe('a baseline tells nothing, and it is said why,', () => {
  test.each([
    ['outside of the workspace', '../elsewhere'],
    ['in the workspace itself', '.'],
    ['as an absolute path', '/tmp'],
  ])('%s', async (_, given) => {
    expect(explanationOf(await open(given))).toContain('not a folder of its own inside');
  });

  test('as a link to the code under test', async () => {
    workspace.link('linked', '.');
    expect(explanationOf(await open('linked'))).toContain('not a folder of its own inside');
  });

  test('where it does not exist', async () => {
    expect(explanationOf(await open('.nowhere'))).toContain('check out the base commit there');
  });

  test('where it is a folder of the same checkout', async () => {
    workspace.folder('copy');
    expect(explanationOf(await open('copy'))).toContain('no git checkout of its own');
  });

  test('at the commit under test: everything would seem to have been broken before', async () => {
    expect(explanationOf(await open('.baseline', {}, HEAD))).toContain('is the code under test');
  });

  test('without the application', async () => {
    workspace.folder('service');
    const workingDirectory = workspace.at('service');
    expect(explanationOf(await open('.baseline', { workingDirectory }))).toContain(
      'holds no application',
    );
  });

  test('with an application that is a link to the one under test', async () => {
    workspace.folder('linked-app');
    workspace.link('.baseline/linked-app', 'app');
    const workingDirectory = workspace.at('linked-app');
    expect(explanationOf(await open('.baseline', { workingDirectory }))).toContain(
      'holds no application',
    );
  });

  test('where the workflows are named by an absolute path, which is the one under test', async () => {
    const workflows = join(workspace.path, 'app/src/workflows');
    expect(explanationOf(await open('.baseline', { workflows }))).toContain('absolute path');
  });

  test('without the module of replay-options', async () => {
    const replayOptions = workspace.file('app/replay-options.ts');
    expect(explanationOf(await open('.baseline', { replayOptions }))).toContain(
      'does not hold the module of replay-options',
    );
  });

  test("where Node would take the dependencies from the code under test's folder", async () => {
    workspace.file('service/src/index.ts');
    workspace.file('.baseline/service/src/index.ts');
    workspace.file('node_modules/@temporalio/worker/package.json');
    const workingDirectory = workspace.at('service');
    expect(explanationOf(await open('.baseline', { workingDirectory }))).toContain(
      'does not have its own dependencies installed',
    );
  });
});

describe('where only the code under test has its dependencies installed', () => {
  beforeEach(() => {
    rmSync(workspace.at('.baseline/app/node_modules'), { recursive: true });
    workspace.file('app/package-lock.json', '{}');
  });

  test('they serve the baseline, if the same is locked', async () => {
    workspace.file('.baseline/app/package-lock.json', '{}');
    expect(await open()).toMatchObject({ kind: 'usable', sharesPackages: true });
  });

  test('the message names the file that differs', async () => {
    workspace.file('.baseline/app/package-lock.json', '{ }');
    const explanation = explanationOf(await open());
    expect(explanation).toContain('does not have its own dependencies installed');
    expect(explanation).toContain('app/package-lock.json differs');
  });
});

describe('an environment of Python serves the baseline too', () => {
  const PYTHON = { language: () => ({ name: 'python' as const, because: undefined }) };
  const openPython = (shares = true): Promise<BaselineCheckout> =>
    open('.baseline', PYTHON, BASE, shares);

  test.each([
    ['app/uv.lock', 'version = 1'],
    ['poetry.lock', ''],
    ['app/requirements-prod.txt', 'temporalio==1.35.0'],
    ['app/requirements/base.txt', 'temporalio==1.35.0'],
    ['.python-version', '3.13'],
    ['app/pyproject.toml', '[project]'],
  ])('where the same is locked: %s', async (file, text) => {
    workspace.file(file, text);
    expect(explanationOf(await openPython())).toContain(
      `has no Python environment of its own, and that of the code under test does not serve it: ${file} differs`,
    );
    expect((await openPython(false)).kind).toBe('usable');
    workspace.file(`.baseline/${file}`, text);
    expect((await openPython()).kind).toBe('usable');
  });

  test('whatever else the project is, where all of its packages are locked', async () => {
    for (const side of ['', '.baseline/']) workspace.file(`${side}app/uv.lock`, 'version = 1');
    workspace.file('app/pyproject.toml', '[project]\nversion = "2"');
    expect((await openPython()).kind).toBe('usable');
  });
});
