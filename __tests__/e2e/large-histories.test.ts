/** @tier middle */
import { expect, test } from '@jest/globals';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { timerHistory } from '../../testing/generated-history.js';
import { ordersWorkspace } from '../../testing/orders-application.js';
import { checkPullRequest, type CheckResult } from '../../testing/pull-request-check.js';
import { isTrusting } from '../../testing/tiers.js';

/** Histories at the server's own limits: 51,200 events, and as many commands in one task as fit. */

const FILE = 'src/workflows/index.ts';

async function check(source: string, timersByTask: readonly number[]): Promise<CheckResult> {
  const workspace = await ordersWorkspace({ files: { [FILE]: source } });
  try {
    const folder = join(workspace.path, 'histories');
    await mkdir(folder);
    const history = timerHistory({
      workflowType: 'waits',
      workflowId: 'waits-1',
      taskQueue: 'orders',
      timersByTask,
    });
    await writeFile(join(folder, 'waits.bin'), history);
    return await checkPullRequest(workspace, {
      title: '[compatible-v1.0] Wait for long',
      inputs: { histories: 'histories/*', 'history-timeout': '60s' },
      timeoutMs: 300_000,
    });
  } finally {
    await workspace.remove();
  }
}

const IMPORT =
  "import { proxyActivities, sleep } from '@temporalio/workflow';\nconst { check } = proxyActivities({ startToCloseTimeout: '1 s' });\n";

/** A whole share of it in `npm test`, and the limits themselves in `npm run trust`. */
const ROUNDS = isTrusting ? 10_000 : 1_000;
const COMMANDS = isTrusting ? 10_000 : 2_000;

/** 5 events a round. */
const LOOP = `${IMPORT}export async function waits(): Promise<void> {
  for (let round = 0; round < 100_000; round += 1) {
    await sleep('1 s');
  }
}
`;

test(`${ROUNDS * 5} events replay, and a break near their end is told at its line`, async () => {
  const tasks = Array.from({ length: ROUNDS }, () => 1);
  const good = await check(LOOP, tasks);
  expect(good.outputs).toMatchObject({ verdict: 'compatible', passed: '1' });

  const bad = await check(
    LOOP.replace("await sleep('1 s');", `$&\n    if (round === ${ROUNDS - 10}) await check();`),
    tasks,
  );
  expect(bad.outputs).toMatchObject({ verdict: 'incompatible', nondeterministic: '1' });
  expect(bad.annotations[0]).toMatchObject({ level: 'error', file: FILE, line: 6 });
}, 900_000);

test(`${COMMANDS} commands in one task replay, and one too many is told at its line`, async () => {
  const many = (more: string): string => `${IMPORT}export async function waits(): Promise<void> {
  const timers = Array.from({ length: ${COMMANDS} }, () => sleep('1 s'));
  ${more}
  await Promise.all(timers);
  await sleep('1 s');
}
`;
  const tasks = [COMMANDS, 1];
  const good = await check(many(''), tasks);
  expect(good.outputs).toMatchObject({ verdict: 'compatible', passed: '1' });

  const bad = await check(many('timers.push(check());'), tasks);
  expect(bad.outputs).toMatchObject({ verdict: 'incompatible', nondeterministic: '1' });
  expect(bad.annotations[0]).toMatchObject({ level: 'error', file: FILE, line: 5 });
}, 900_000);
