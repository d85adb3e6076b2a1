import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inTier } from '../../testing/tiers.js';
import type { Workspace } from '../../testing/workspace.js';
import { commandsWorkspace } from './commands-application.js';
import { failureToStart, TypeScriptReplayer, type ReplayerOptions } from './typescript-replayer.js';

jest.setTimeout(60_000);

const workspaces: Workspace[] = [];
afterEach(async () => {
  await Promise.all(workspaces.splice(0).map((workspace) => workspace.remove()));
});

async function workspaceWith(files: Readonly<Record<string, string>> = {}): Promise<Workspace> {
  const workspace = await commandsWorkspace(files);
  workspaces.push(workspace);
  return workspace;
}

/** A workspace whose `node_modules` holds these files instead of packages. */
async function workspaceWithPackages(files: Readonly<Record<string, string>>): Promise<Workspace> {
  const workspace = await workspaceWith();
  const nodeModules = join(workspace.application, 'node_modules');
  await rm(nodeModules);
  await mkdir(nodeModules);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(nodeModules, name)), { recursive: true });
    await writeFile(join(nodeModules, name), text);
  }
  return workspace;
}

const INDEX = 'src/workflows/index.ts';

describe('workflow code that cannot be replayed is told with what helps:', () => {
  it.each<[string, Record<string, string>, ReplayerOptions, string | RegExp, RegExp]>([
    [
      'the file does not exist',
      {},
      { workflows: 'src/nowhere.ts' },
      '"src/nowhere.ts" (input workflows) does not exist in the working directory',
      /name the file that exports the workflow functions/u,
    ],
    [
      'the folder has no index',
      {},
      { workflows: 'src' },
      'the folder "src" (input workflows) has no index file',
      /a folder with an index file/u,
    ],
    [
      'the file is misspelt',
      { 'src/orders.ts': '' },
      { workflows: 'src/order.ts' },
      '"src/order.ts" (input workflows) does not exist in the working directory',
      /; there are .*orders\.ts/u,
    ],
    [
      'a file does not compile',
      { [INDEX]: 'export async function order( {' },
      {},
      /^the workflow code cannot be bundled: ERROR in \.\/src\/workflows\/index\.ts\n.*Unexpected token.*index\.ts:1:/su,
      /^correct what cannot be parsed$/u,
    ],
    [
      'an import leads nowhere',
      { [INDEX]: "export * from './nowhere';" },
      {},
      /^the workflow code cannot be bundled: .*Can't resolve '\.\/nowhere'/su,
      /^correct the import/u,
    ],
    [
      'an import is a path alias that only the compiler knows',
      {
        [INDEX]: "export * from '@orders/nowhere';",
        'tsconfig.json': '{ "compilerOptions": { "paths": { "@orders/*": ["./src/*"] } } }',
      },
      {},
      /^the workflow code cannot be bundled: .*Can't resolve '@orders\/nowhere'/su,
      /^it is a path alias of tsconfig\.json, .* webpackConfigHook/u,
    ],
    [
      'it imports what workflows may not use',
      { [INDEX]: "import 'node:fs';\nexport async function order() {}" },
      {},
      /^the workflow code cannot be bundled: .*node:fs.*imported by \.\/src\/workflows\/index\.ts/su,
      /^import activities with "import type".*ignoreModules/u,
    ],
    [
      'nothing is exported',
      { [INDEX]: 'async function order() {}\nvoid order;' },
      {},
      'the workflow module exports no functions, so no workflow type is registered',
      /export each workflow function/u,
    ],
    [
      'no function is exported',
      { [INDEX]: "export const order = 'order';" },
      {},
      'the workflow module exports no functions, so no workflow type is registered',
      /export each workflow function/u,
    ],
  ])('%s', async (_, files, options, message, hint) => {
    const { application } = await workspaceWith(files);
    const failure = await failureToStart(application, options);
    if (typeof message === 'string') expect(failure.message).toBe(message);
    else expect(failure.message).toMatch(message);
    expect(failure.hint).toMatch(hint);
    // Short enough to be read: the bundler alone says a hundred lines.
    expect(failure.message.split('\n').length).toBeLessThan(15);
  });

  inTier('middle', 'workflow code that never ends to load', () => {
    it('it never ends to load', async () => {
      const { application } = await workspaceWith({
        [INDEX]: 'for (;;);\nexport async function order() {}',
      });
      expect(await failureToStart(application)).toEqual({
        message: 'the workflow module did not load within 10 s',
        hint: expect.stringMatching(/endless loop outside of functions/u),
      });
    });
  });

  it('no workflows are in the usual places', async () => {
    const { application } = await workspaceWith();
    await rm(join(application, 'src', 'workflows'), { recursive: true });
    expect(await failureToStart(application)).toEqual({
      message:
        'no workflow module in the usual places (src/workflows, workflows, lib/workflows, dist/workflows)',
      hint: 'set the input workflows to the file or folder that exports the workflow functions',
    });
  });
});

describe('the SDK of the application', () => {
  it('is not installed', async () => {
    const { application } = await workspaceWithPackages({});
    expect(await failureToStart(application)).toEqual({
      message: '@temporalio/worker is not installed in the working directory',
      hint: expect.stringMatching(/run the package manager .*npm ci.* working-directory/u),
    });
  });

  it("is installed where only Yarn's Plug'n'Play finds it", async () => {
    const { application } = await workspaceWithPackages({});
    await writeFile(join(application, '.pnp.cjs'), '');
    expect(await failureToStart(application)).toEqual({
      message: expect.stringContaining("Yarn's Plug'n'Play"),
      hint: expect.stringContaining('YARN_NODE_LINKER'),
    });
  });

  it('is too old', async () => {
    const { application } = await workspaceWithPackages({
      '@temporalio/worker/package.json': '{ "version": "1.7.4" }',
      '@temporalio/worker/index.js': 'throw new Error("it must not even be loaded");',
    });
    expect(await failureToStart(application)).toEqual({
      message: '@temporalio/worker 1.7.4 is too old',
      hint: 'upgrade the Temporal SDK to 1.8 or newer',
    });
  });

  it('has no native binary for this machine', async () => {
    const { application } = await workspaceWithPackages({
      '@temporalio/worker/package.json': '{ "version": "1.24.0" }',
      '@temporalio/worker/index.js': "require('@temporalio/core-bridge');",
      '@temporalio/core-bridge/package.json': '{ "version": "1.24.0" }',
      '@temporalio/core-bridge/index.js':
        "throw new Error('No prebuilt module found for this platform: x86_64-unknown-linux-musl');",
    });
    expect(await failureToStart(application)).toEqual({
      message: expect.stringContaining('@temporalio/worker 1.24.0 cannot be loaded: No prebuilt'),
      hint: expect.stringMatching(/no native binary for this machine.*use a glibc-based runner/u),
    });
  });

  it('is installed in part', async () => {
    const { application } = await workspaceWithPackages({
      '@temporalio/worker/package.json': '{ "version": "1.24.0" }',
      '@temporalio/worker/index.js': "require('@temporalio/common');",
    });
    expect(await failureToStart(application)).toEqual({
      message: expect.stringContaining("cannot be loaded: Cannot find module '@temporalio/common'"),
      hint: 'install the packages again',
    });
  });

  it('may lie above the working directory, as in a monorepo', async () => {
    const { application } = await workspaceWith();
    const nested = join(application, 'packages', 'orders');
    await mkdir(nested, { recursive: true });
    await symlink(join(application, 'src'), join(nested, 'src'));
    const replayer = await TypeScriptReplayer.start(nested);
    expect(replayer.ready.sdk).toEqual({ name: '@temporalio/worker', version: '1.24.0' });
    await replayer.stop();
  });
});

describe('a replayer that is ready', () => {
  it('names the workflow types', async () => {
    const { application } = await workspaceWith();
    const replayer = await TypeScriptReplayer.start(application, { workflows: INDEX });
    expect(replayer.ready).toMatchObject({
      language: 'typescript',
      dynamic: false,
      workflowTypes: expect.arrayContaining(['seeded', 'timers', 'updates']),
    });
    await replayer.stop();
  });

  it('says that a default export takes any type', async () => {
    const { application } = await workspaceWith({
      [INDEX]: 'export async function order() {}\nexport default async function any() {}',
    });
    const replayer = await TypeScriptReplayer.start(application);
    expect(replayer.ready).toMatchObject({ dynamic: true, workflowTypes: ['order'] });
    await replayer.stop();
  });

  it('uses the compiler of the SDK, for which types are comments', async () => {
    const { application } = await workspaceWith({
      [INDEX]: "export async function order(): Promise<number> { return 'no number'; }",
    });
    const replayer = await TypeScriptReplayer.start(application);
    expect(replayer.ready.workflowTypes).toEqual(['order']);
    await replayer.stop();
  });
});
