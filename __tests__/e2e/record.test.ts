import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ordersWorkspace, type OrdersPatch } from '../../testing/orders-application.js';
import { ordersServer, type OrdersServer } from '../../testing/orders-server.js';
import { runTerminal } from '../../testing/run-terminal.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { share } from '../../testing/tiers.js';
import type { Workspace } from '../../testing/workspace.js';

/** Histories of the example, saved and replayed without the server. */

let server: OrdersServer & { stop(): Promise<void> };
let workspace: Workspace;
let folder: string;
let where: string[];
beforeAll(async () => {
  server = await ordersServer();
  workspace = await ordersWorkspace();
  folder = await temporaryFolder('corpora');
  where = ['--address', server.address, '--task-queue', server.taskQueue];
});
afterAll(async () => {
  await workspace.remove();
  await server.stop();
});

interface Checked {
  readonly verdict: { readonly kind: string; readonly reason: string };
  readonly outcomes: readonly {
    readonly kind: string;
    readonly execution: { readonly runId: string };
  }[];
}

/** The outcome of each run, and the verdict. */
async function check(cwd: string, ...args: string[]) {
  const { stdout, stderr } = await runTerminal(cwd, [
    'check',
    ...['--build-id', 'v1.0', '--closed', 'fail', '--drift', 'off', '--json'],
    ...args,
  ]);
  if (stdout === '') throw new Error(stderr);
  const { verdict, outcomes } = JSON.parse(stdout) as Checked;
  return {
    verdict: [verdict.kind, verdict.reason],
    outcomes: new Map(outcomes.map(({ kind, execution }) => [execution.runId, kind])),
  };
}

describe('a corpus that is redacted', () => {
  let corpus: string;
  beforeAll(async () => {
    corpus = join(folder, 'redacted');
    const recorded = await runTerminal(workspace.path, ['record', corpus, '--redact', ...where]);
    expect(recorded).toMatchObject({ exitCode: 0 });
    expect(recorded.stdout).toMatch(/^order +\d+ +\d+$/mu);
    expect(recorded.stdout).toMatch(/each history replays as before/u);
  });

  const edits = share<readonly OrdersPatch[]>({
    fast: ['compatible', 'incompatible'],
    middle: ['compatible', 'incompatible', 'harmless', 'type-renamed', 'throws'],
    trust: ['compatible', 'incompatible', 'harmless', 'type-renamed', 'throws'],
  });

  test.each(edits)('gives the verdict of the live server: %s', async (patch) => {
    const edited = await ordersWorkspace({ patch });
    try {
      const [live, offline] = [
        await check(edited.path, ...where),
        await check(edited.path, '--histories', corpus),
      ];
      expect(offline.verdict).toEqual(live.verdict);
      expect(offline.outcomes.size).toBeGreaterThan(30);
      for (const [runId, kind] of offline.outcomes) {
        expect([runId, kind]).toEqual([runId, live.outcomes.get(runId)]);
      }
    } finally {
      await edited.remove();
    }
  });

  test('holds no name, address or card of the example, and one file for each history', () => {
    const files = readdirSync(corpus);
    expect(files.filter((name) => /^\d{3}-\w+-\w+\.json$/u.test(name))).toEqual(files);
    for (const file of files) {
      const text = readFileSync(join(corpus, file), 'utf8').replace(
        /"data": "([A-Za-z0-9+/=]*)"/gu,
        (_, data: string) => Buffer.from(data, 'base64').toString('utf8'),
      );
      expect(text).not.toMatch(/Buyer|Street|Springfield|card-|lamp/u);
    }
  });
});

test('with payloads as they are, and encrypted, a corpus replays too', async () => {
  const corpus = join(folder, 'encrypted');
  const secret = { HISTORIES_PASSPHRASE: 'the passphrase of a test' };
  const recorded = await runTerminal(
    workspace.path,
    ['record', corpus, '--encrypt', '--max-histories', '8', '--json', ...where],
    secret,
  );
  expect(JSON.parse(recorded.stdout)).toMatchObject({ folder: corpus, saved: 8 });
  expect(readdirSync(corpus).every((name) => name.endsWith('.json.sealed'))).toBe(true);
  const read = (environment: Readonly<Record<string, string>>) =>
    runTerminal(workspace.path, ['check', '--histories', corpus], environment);
  const opened = await read(secret);
  expect(opened.stdout).toMatch(/^Executions: 8 passed|nondeterministic$/mu);
  const closed = await read({ HISTORIES_PASSPHRASE: 'another passphrase here' });
  expect(closed.exitCode).toBe(1);
  expect(closed.stdout).toMatch(/^Executions: 8 errored$/mu);
});

test('into a folder that is not empty nothing is written', async () => {
  const taken = join(workspace.path, 'src');
  const before = readdirSync(taken);
  const refused = await runTerminal(workspace.path, ['record', taken, ...where]);
  expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
  expect(refused.stderr).toMatch(/The folder to write holds \d+ entries/u);
  expect(readdirSync(taken)).toEqual(before);
});

test('a run that is cancelled leaves nothing', async () => {
  const corpora = await temporaryFolder('cancelled');
  const args = ['record', join(corpora, 'corpus'), '--redact', ...where];
  const { exitCode, stdout, stderr } = await runTerminal(workspace.path, args, {}, (child) =>
    child.kill('SIGTERM'),
  );
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(/^The run was cancelled\.$/mu);
  expect(readdirSync(corpora)).toEqual([]);
});
