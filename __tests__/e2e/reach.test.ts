import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ordersWorkspace } from '../../testing/orders-application.js';
import { ordersServer } from '../../testing/orders-server.js';
import {
  checkHere,
  type CheckOptions,
  type CheckResult,
} from '../../testing/pull-request-check.js';
import { inTier } from '../../testing/tiers.js';
import { reportProblems } from '../../testing/report-schema.js';
import type { Workspace } from '../../testing/workspace.js';

/** Which changed lines real histories run: the branch behind a patch is run by none of before it. */

const ORDER = 'src/workflows/order.ts';

let server: Awaited<ReturnType<typeof ordersServer>>;
let workspace: Workspace;
beforeAll(async () => {
  server = await ordersServer();
  workspace = await ordersWorkspace({ patch: 'compatible' });
});
afterAll(async () => {
  await workspace.remove();
  await server.stop();
});

interface Reach {
  readonly changedLines: number;
  readonly reachedLines: number;
  readonly unreached: readonly { file: string; startLine: number; endLine: number }[];
}

async function check(
  options: Partial<CheckOptions> = {},
): Promise<CheckResult & { reach: Reach | null }> {
  const result = await checkHere(workspace, {
    title: '[compatible-v1.0] Check orders for fraud',
    inputs: {
      address: server.address,
      'task-queue': server.taskQueue,
      // Without those that have recorded the patch already.
      query: 'TemporalChangeVersion IS NULL',
    },
    ...options,
  });
  const report = JSON.parse(readFileSync(result.outputs['report'] ?? '', 'utf8')) as {
    reach: Reach | null;
  };
  expect(reportProblems(report)).toEqual([]);
  expect(result.violations).toEqual([]);
  return { ...result, reach: report.reach };
}

test('changed lines that no history runs are named, as notices and as a number', async () => {
  const result = await check();
  const lines = readFileSync(join(workspace.path, ORDER), 'utf8').split('\n');
  const line = lines.findIndex((text) => text.includes('await checkFraud(')) + 1;

  expect(result.outputs['verdict']).toBe('compatible');
  expect(result.reach?.unreached).toEqual([{ file: ORDER, startLine: line, endLine: line }]);
  // The question itself is asked of every one.
  expect(result.reach?.reachedLines).toBe((result.reach?.changedLines ?? 0) - 1);
  expect(result.reach?.reachedLines).toBeGreaterThan(0);
  expect(result.annotations).toContainEqual(
    expect.objectContaining({ level: 'notice', file: ORDER, line }),
  );
  expect(result.summary).toMatch(/No replayed history ran 1 of \d+ changed workflow lines/u);
});

inTier('middle', 'changed lines that GitHub does not tell', () => {
  test('a GitHub that does not tell the changed files costs a warning and no verdict', async () => {
    const result = await check({
      prepare: (github) => {
        github.fail({ kind: 'status', status: 403 }, { path: /\/files$/u });
      },
    });

    expect(result.outputs['verdict']).toBe('compatible');
    expect(result.reach).toBeNull();
    expect(result.annotations).toContainEqual(
      expect.objectContaining({
        level: 'warning',
        message: expect.stringMatching(/It is not known which changed lines the histories reach/u),
      }),
    );
  });
});
