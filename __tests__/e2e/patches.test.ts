import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ordersWorkspace, type OrdersOptions } from '../../testing/orders-application.js';
import { ordersServer } from '../../testing/orders-server.js';
import { checkHere } from '../../testing/pull-request-check.js';
import { inTier } from '../../testing/tiers.js';
import { reportProblems } from '../../testing/report-schema.js';

/** Who still needs a patch, told from real executions: v2.1 asks for the patch, v1.0 did not. */

const ORDER = 'src/workflows/order.ts';
const TITLE = '[compatible-v1.0] Check orders for fraud';

let server: Awaited<ReturnType<typeof ordersServer>>;
beforeAll(async () => {
  server = await ordersServer();
});
afterAll(() => server.stop());

async function review(
  change: OrdersOptions,
  query: string,
): Promise<{ patches: unknown[]; asOf: string; summary: string }> {
  const workspace = await ordersWorkspace(change);
  try {
    const result = await checkHere(workspace, {
      title: TITLE,
      inputs: {
        address: server.address,
        'task-queue': server.taskQueue,
        ...(query === '' ? {} : { query }),
      },
    });
    const report = JSON.parse(readFileSync(result.outputs['report'] ?? '', 'utf8')) as {
      patches: unknown[];
      asOf: string;
    };
    expect(reportProblems(report)).toEqual([]);
    return { ...report, summary: result.summary };
  } finally {
    await workspace.remove();
  }
}

async function sourceOf(change: OrdersOptions): Promise<string> {
  const workspace = await ordersWorkspace(change);
  const source = readFileSync(join(workspace.path, ORDER), 'utf8');
  await workspace.remove();
  return source;
}

const asks: OrdersOptions = { patch: 'compatible' };

test('with running executions from before the patch, both branches stay', async () => {
  const { patches, summary } = await review(asks, '');
  const lines = (await sourceOf(asks)).split('\n');
  const line = lines.findIndex((one) => one.includes("patched('check-fraud')")) + 1;
  expect(patches).toMatchObject([
    { id: 'check-fraud', locations: [{ file: ORDER, line }], advice: 'keep' },
  ]);
  expect(summary).toMatch(
    /<summary>Patches: \d+[^]*Queries on closed executions, and resets of them, need it for 1 day after/u,
  );
});

inTier('middle', 'patches that can go', () => {
  test('without any, the old branch can go', async () => {
    // As if those of v1.0 had closed.
    const query = 'TemporalChangeVersion = "check-fraud"';
    const { patches, asOf, summary } = await review(asks, query);
    expect(patches).toMatchObject([{ id: 'check-fraud', runningWithout: 0, advice: 'deprecate' }]);
    // The dev server keeps closed executions for a day.
    const day = (days: number): string =>
      new Date(Date.parse(asOf) + days * 86_400_000).toISOString().slice(0, 10);
    expect(summary).toContain(
      `Since ${day(0)} at the latest no running execution needs the old branch`,
    );
    expect(summary).toContain(
      `until ${day(1)} at the latest, by the retention of the namespace (1 day)`,
    );
  });

  test('deprecated, it stays as long as a running execution has recorded it, and then goes', async () => {
    const deprecated = (await sourceOf(asks))
      .replace('patched,', 'deprecatePatch,')
      .replace(
        /if \(patched\('check-fraud'\)\) \{\n([^}]*)\}/u,
        "deprecatePatch('check-fraud');\n$1",
      );
    expect(deprecated).not.toContain('patched(');
    const change: OrdersOptions = { patch: 'compatible', files: { [ORDER]: deprecated } };
    const recorded = 'TemporalChangeVersion = "check-fraud"';
    expect((await review(change, recorded)).patches).toMatchObject([
      { id: 'check-fraud', advice: 'keep-deprecated' },
    ]);
    expect((await review(change, `${recorded} AND CloseTime IS NOT NULL`)).patches).toMatchObject([
      { id: 'check-fraud', runningWith: 0, advice: 'remove' },
    ]);
  });
});
