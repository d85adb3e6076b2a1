import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ordersWorkspace } from '../../testing/orders-application.js';
import { ordersServer, type OrdersServer } from '../../testing/orders-server.js';
import { projectRoot } from '../../testing/project-root.js';
import { runCommand } from '../../testing/run-command.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';

/** The tool as a person has it: a packed copy, an empty folder, and nothing installed. */

let server: OrdersServer & { stop(): Promise<void> };
let packed: string;
let home: string;
beforeAll(async () => {
  server = await ordersServer();
  const folder = await temporaryFolder('packed');
  await runCommand('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: projectRoot });
  packed = join(folder, readdirSync(folder)[0] ?? '');
  home = await temporaryFolder('home');
});
afterAll(() => server.stop());

async function npx(...args: string[]) {
  return npxIn(await temporaryFolder('empty'), ...args);
}

function npxIn(cwd: string, ...args: string[]) {
  const { PATH = '' } = process.env;
  const { status, stdout, stderr } = spawnSync(
    'npx',
    ['--yes', '--offline', '--package', packed, 'temporal-replay-action', ...args],
    {
      cwd,
      env: { PATH, HOME: home, npm_config_update_notifier: 'false' },
      encoding: 'utf8',
    },
  );
  return { status, stdout, stderr };
}

test('without a command it says which there are, and does not run as an action', async () => {
  expect(await npx()).toEqual({
    status: 0,
    stdout: expect.stringContaining('COMMAND --help') as unknown,
    stderr: '',
  });
});

test('retire tells the versions of the server', async () => {
  const { status, stdout, stderr } = await npx('retire', '--address', server.address, '--json');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const { versions } = JSON.parse(stdout) as { versions: object[] };
  expect(versions).toContainEqual(
    expect.objectContaining({ kind: 'version-set', buildId: 'v2.1', status: 'current' }),
  );
});

test('record saves a corpus in an empty folder; check and advise answer where the application is', async () => {
  const folder = await temporaryFolder('empty');
  const where = ['--address', server.address, '--task-queue', server.taskQueue];
  const recorded = npxIn(folder, 'record', 'corpus', '--max-histories', '6', '--json', ...where);
  expect(recorded).toMatchObject({ status: 0 });
  expect(readdirSync(join(folder, 'corpus'))).toHaveLength(6);

  const workspace = await ordersWorkspace({ patch: 'compatible' });
  try {
    const corpus = join(folder, 'corpus');
    const checked = npxIn(workspace.path, 'check', '--histories', corpus, '--closed', 'fail');
    expect(checked.stdout).toMatch(/^Executions: 6 passed$/mu);
    expect(checked.status).toBe(0);
    const advised = npxIn(workspace.path, 'advise', '--json', ...where);
    expect(advised.status).toBe(0);
    const { versions } = JSON.parse(advised.stdout) as { versions: object[] };
    expect(versions).not.toHaveLength(0);
  } finally {
    await workspace.remove();
  }
});

test('a wrong command line ends with 2, and an empty folder without an answer with 1', async () => {
  const wrong = await npx('check', '--max-histories', 'many', '--title', 'x');
  expect(wrong).toMatchObject({ status: 2, stdout: '' });
  expect(wrong.stderr).toMatch(/^The option --max-histories is "many".*\n$/u);
  const empty = await npx('check', '--histories', 'nowhere');
  expect(empty.status).toBe(1);
});
