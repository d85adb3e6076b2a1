import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ordersWorkspace } from '../../testing/orders-application.js';
import { projectRoot } from '../../testing/project-root.js';
import { checkHere, type CheckResult } from '../../testing/pull-request-check.js';
import { runCommand } from '../../testing/run-command.js';
import { inTier } from '../../testing/tiers.js';
import type { Workspace } from '../../testing/workspace.js';

/**
 * Where code can lie: the annotation must be on a path that GitHub can show, or honestly on none. The
 * change is the same each time: one more activity before the card is charged.
 */

const FIXTURES = join(projectRoot, '__tests__', 'fixtures', 'histories', 'orders-1.24.0');
const DIVERGING = 'await checkFraud(input.orderId, input.items);';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await ordersWorkspace({ patch: 'incompatible' });
  await cp(FIXTURES, join(workspace.path, 'histories'), { recursive: true });
});
afterEach(() => workspace.remove());

async function check(inputs: Record<string, string> = {}): Promise<CheckResult> {
  return checkHere(workspace, {
    title: '[compatible-v1.0] Check orders for fraud',
    inputs: { histories: 'histories/*', ...inputs },
  });
}

async function expectAt(result: CheckResult, file: string): Promise<void> {
  const lines = (await readFile(join(workspace.path, file), 'utf8')).split('\n');
  const line = lines.findIndex((text) => text.includes(DIVERGING)) + 1;
  expect(line).toBeGreaterThan(0);
  expect(result.outputs['verdict']).toBe('incompatible');
  expect(result.annotations[0]).toMatchObject({ level: 'error', file, line });
  expect(result.summary).toContain(`#L${line}`);
}

async function move(from: string, to: string): Promise<void> {
  await mkdir(join(workspace.path, to, '..'), { recursive: true });
  await cp(join(workspace.path, from), join(workspace.path, to), { recursive: true });
  await rm(join(workspace.path, from), { recursive: true });
}

describe('the line of the divergence', () => {
  test('in a file with Windows line ends', async () => {
    const file = join(workspace.path, 'src/workflows/order.ts');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replaceAll('\n', '\r\n'));
    await expectAt(await check(), 'src/workflows/order.ts');
  });

  inTier('middle', 'folders of other names, packages and ready bundles', () => {
    test('in a folder with spaces, signs and letters of other scripts', async () => {
      await move('src', 'apps/orders & más [v2]/src');
      await symlink(
        join(projectRoot, 'node_modules'),
        join(workspace.path, 'apps/orders & más [v2]/node_modules'),
      );
      await cp(
        join(workspace.path, 'package.json'),
        join(workspace.path, 'apps/orders & más [v2]/package.json'),
      );
      const result = await check({ 'working-directory': 'apps/orders & más [v2]' });
      await expectAt(result, 'apps/orders & más [v2]/src/workflows/order.ts');
    });

    test('in a package of the same repository, reached through a link, beside a file of equal name', async () => {
      await mkdir(join(workspace.path, 'services/orders/src/workflows'), { recursive: true });
      await move('src', 'packages/flows/src');
      await writeFile(
        join(workspace.path, 'packages/flows/package.json'),
        JSON.stringify({ name: 'flows', main: 'src/workflows/index.ts' }),
      );
      // The installed packages of the service: a link to the package beside it, and all others.
      const modules = join(workspace.path, 'services/orders/node_modules');
      await mkdir(modules);
      await symlink(join(workspace.path, 'packages/flows'), join(modules, 'flows'));
      await symlink(join(projectRoot, 'node_modules/@temporalio'), join(modules, '@temporalio'));
      await symlink(
        join(projectRoot, 'node_modules'),
        join(workspace.path, 'packages/flows/node_modules'),
      );
      await cp(
        join(workspace.path, 'package.json'),
        join(workspace.path, 'services/orders/package.json'),
      );
      await writeFile(
        join(workspace.path, 'services/orders/src/workflows/order.ts'),
        "export * from 'flows';\n",
      );
      const result = await check({
        'working-directory': 'services/orders',
        workflows: 'src/workflows/order.ts',
      });
      await expectAt(result, 'packages/flows/src/workflows/order.ts');
    });

    // A bundle without any source map is refused by the SDK itself.
    test('is not told of a bundle that was built elsewhere: the finding stands on no path', async () => {
      const script = join(workspace.path, 'bundle.mjs');
      await writeFile(
        script,
        `import { bundleWorkflowCode } from '@temporalio/worker';
       import { writeFileSync } from 'node:fs';
       const { code } = await bundleWorkflowCode({ workflowsPath: process.argv[2] });
       const [, encoded] = /base64,(\\S+)\\s*$/u.exec(code);
       const map = JSON.parse(Buffer.from(encoded, 'base64').toString());
       map.sources = map.sources.map((source) => '/build' + source);
       writeFileSync('bundle.js', code.replace(encoded, Buffer.from(JSON.stringify(map)).toString('base64')));`,
      );
      await runCommand(process.execPath, [script, join(workspace.path, 'src/workflows/index.ts')], {
        cwd: workspace.path,
      });
      await writeFile(
        join(workspace.path, 'options.mjs'),
        "export default { workflowBundle: { codePath: new URL('bundle.js', import.meta.url).pathname } };",
      );
      const result = await check({ 'replay-options': 'options.mjs' });

      expect(result.outputs['verdict']).toBe('incompatible');
      expect(result.annotations[0]?.level).toBe('error');
      expect(result.annotations[0]?.file).toBeUndefined();
    });
  });
});
