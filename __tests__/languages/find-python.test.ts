import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { chmodSync, readFileSync } from 'node:fs';
import { findPython, type PythonSearch } from '../../src/languages/find-python.js';
import { ENVIRONMENT } from '../../src/replay/isolation.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';

let workspace: WorkspaceFolder;
beforeEach(() => {
  workspace = new WorkspaceFolder();
  workspace.folder('app');
});
afterEach(() => workspace.remove());

function find(changes: Partial<PythonSearch> = {}, path = '/nowhere'): Promise<string> {
  return findPython({
    folder: workspace.at('app'),
    checkout: workspace.path,
    virtualEnvironment: undefined,
    environment: { PATH: path },
    isolation: ENVIRONMENT,
    ...changes,
  });
}

function program(path: string, content = ''): string {
  const file = workspace.file(path, content);
  chmodSync(file, 0o755);
  return file;
}

describe('the interpreter is, in this order', () => {
  test('that of the activated environment', async () => {
    program('app/.venv/bin/python');
    const activated = program('../activated/bin/python');
    expect(await find({ virtualEnvironment: workspace.at('../activated') })).toBe(activated);
  });

  test("that of an environment in the application's folder, before one above it", async () => {
    program('.venv/bin/python');
    const own = program('app/venv/bin/python');
    expect(await find()).toBe(own);
  });

  test('that of an environment above it, as far as the checkout goes', async () => {
    program('../.venv/bin/python');
    const above = program('.venv/bin/python');
    expect(await find()).toBe(above);
  });

  test("poetry's, where there is a lock file of it", async () => {
    const theirs = program('../cache/bin/python');
    program('../bin/python3');
    program('../bin/poetry', `#!/bin/sh\n[ "$1 $2" = "env info" ] && echo ${theirs}\n`);
    const path = `${workspace.at('../bin')}:/usr/bin:/bin`;
    expect(await find({}, path)).toBe(workspace.at('../bin/python3'));
    workspace.file('app/poetry.lock');
    expect(await find({}, path)).toBe(theirs);
  });

  test.each([
    ['pipenv', 'Pipfile.lock', '--py'],
    ['pdm', 'pdm.lock', 'info --python'],
  ])('that of %s, where there is a file of it', async (name, file, asked) => {
    const theirs = program('../cache/bin/python');
    program('../bin/python3');
    program(`../bin/${name}`, `#!/bin/sh\n[ "$*" = "${asked}" ] && echo ${theirs}\n`);
    workspace.file(`app/${file}`);
    expect(await find({}, `${workspace.at('../bin')}:/usr/bin:/bin`)).toBe(theirs);
  });

  test("uv's, where a variable names it and its lock file is there, before any other below it", async () => {
    program('app/.venv/bin/python');
    const uvs = program('app/envs/ci/bin/python');
    const environment = { PATH: '/nowhere', UV_PROJECT_ENVIRONMENT: 'envs/ci' };
    expect(await find({ environment })).toBe(workspace.at('app/.venv/bin/python'));
    workspace.file('app/uv.lock');
    expect(await find({ environment })).toBe(uvs);
  });

  test("conda's, before the one on PATH", async () => {
    program('../bin/python3');
    const condas = program('../conda/bin/python');
    const environment = {
      PATH: workspace.at('../bin'),
      CONDA_PREFIX: workspace.at('../conda'),
    };
    expect(await find({ environment })).toBe(condas);
  });

  test('the one on PATH, where poetry has none', async () => {
    workspace.file('app/poetry.lock');
    program('../bin/poetry', '#!/bin/sh\nexit 1\n');
    const onPath = program('../bin/python');
    expect(await find({}, `relative:${workspace.at('../bin')}:/usr/bin:/bin`)).toBe(onPath);
  });
});

test("a baseline's own environment comes before the activated one, which is that of the code under test", async () => {
  const activated = program('.venv/bin/python');
  const search = {
    folder: workspace.folder('.baseline/app'),
    baseline: workspace.at('.baseline'),
    virtualEnvironment: workspace.at('.venv'),
  };
  expect(await find(search)).toBe(activated);
  const own = program('.baseline/.venv/bin/python');
  expect(await find(search)).toBe(own);
});

test('poetry sees no more than a replay process does', async () => {
  process.env['TEMPORAL_API_KEY'] = 'canary';
  try {
    workspace.file('app/poetry.lock');
    program('../bin/poetry', `#!/bin/sh\nenv > ${workspace.at('../seen')}\n`);
    program('../bin/python3');
    await find({}, `${workspace.at('../bin')}:/usr/bin:/bin`);
    const seen = readFileSync(workspace.at('../seen'), 'utf8');
    expect(seen).toContain('PATH=');
    expect(seen).not.toContain('canary');
  } finally {
    delete process.env['TEMPORAL_API_KEY'];
  }
});

test('an activated environment without an interpreter is an error, and not passed over', async () => {
  program('app/.venv/bin/python');
  await expect(find({ virtualEnvironment: workspace.at('gone') })).rejects.toThrow(
    /VIRTUAL_ENV names a folder that holds no Python interpreter.*To fix: create the environment/u,
  );
});

test('none at all is an error that says how to get one', async () => {
  workspace.folder('.venv/bin/python');
  await expect(find()).rejects.toThrow(/There is no Python interpreter.*setup-python/u);
});
