import { beforeAll, expect, test } from '@jest/globals';
import proto from '@temporalio/proto';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ordersWorkspace, type OrdersPatch } from '../../testing/orders-application.js';
import { checkHere, type CheckResult } from '../../testing/pull-request-check.js';
import { projectRoot } from '../../testing/project-root.js';

/** Exported histories instead of a server. */

const FIXTURES = join(projectRoot, '__tests__', 'fixtures', 'histories', 'orders-1.24.0');
const { History } = proto.temporal.api.history.v1;

async function check(
  patch: OrdersPatch,
  prepare: (folder: string) => Promise<void>,
  inputs: Readonly<Record<string, string>> = {},
): Promise<CheckResult> {
  const workspace = await ordersWorkspace({ patch });
  const folder = join(workspace.path, 'histories');
  await mkdir(folder);
  await prepare(folder);
  const result = await checkHere(workspace, {
    title: '[compatible-v1.0] Check orders for fraud',
    inputs: { histories: 'histories/*', ...inputs },
  });
  await workspace.remove();
  return result;
}

const copyJson = (folder: string): Promise<void> => cp(FIXTURES, folder, { recursive: true });

let red: CheckResult;
beforeAll(async () => {
  red = await check('incompatible', copyJson);
});

test('JSON histories replay, green and red, without a server', async () => {
  const files = (await readdir(FIXTURES)).length;
  const green = await check('compatible', copyJson);
  expect(green.outputs).toMatchObject({ verdict: 'compatible', passed: String(files) });
  expect(red.outputs['verdict']).toBe('incompatible');
  expect(red.annotations[0]).toMatchObject({ level: 'error', file: 'src/workflows/order.ts' });
});

test('binary histories give the same', async () => {
  const result = await check('incompatible', async (folder) => {
    for (const name of await readdir(FIXTURES)) {
      const history = historyFromJSON(JSON.parse(await readFile(join(FIXTURES, name), 'utf8')));
      await writeFile(
        join(folder, `${basename(name, '.json')}.bin`),
        History.encode(history).finish(),
      );
    }
  });
  for (const name of ['verdict', 'reason', 'matched', 'passed', 'nondeterministic']) {
    expect(result.outputs[name]).toBe(red.outputs[name]);
  }
});

test("a third party's replayer gives the same outcomes, and no line", async () => {
  const replayer = join(projectRoot, 'examples', 'replayer', 'replayer.mjs');
  const inputs = { language: 'command', workflows: `node '${replayer}' ./src/workflows` };
  const theirs = await check('incompatible', copyJson, inputs);
  for (const name of ['verdict', 'reason', 'matched', 'passed', 'nondeterministic', 'errored']) {
    expect([name, theirs.outputs[name]]).toEqual([name, red.outputs[name]]);
  }
  expect(theirs.annotations[0]).toMatchObject({ level: 'error' });
  expect(theirs.annotations[0]).not.toHaveProperty('line');

  const missing = await check('compatible', copyJson, { language: 'command' });
  expect([missing.outputs['verdict'], missing.exitCode]).toEqual(['inconclusive', 1]);
  expect(missing.annotations[0]?.message).toMatch(
    /workflows is empty.*set workflows to the command/u,
  );
});

test("another language's history is not judged, and says whose it is", async () => {
  const result = await check('compatible', async (folder) => {
    const text = await readFile(join(FIXTURES, 'reminder-sleeping.json'), 'utf8');
    const foreign = text.replaceAll('temporal-typescript', 'temporal-go');
    expect(foreign).not.toBe(text);
    await writeFile(join(folder, 'go.json'), foreign);
  });
  expect(result.exitCode).toBe(1);
  expect(result.outputs).toMatchObject({ verdict: 'inconclusive', errored: '1', replayed: '0' });
  expect(result.summary).toMatch(/the go SDK .* wrote its history/u);
});
