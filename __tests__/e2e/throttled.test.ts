import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { JUDGED_INPUTS, judgedWorkspace } from '../../testing/judged-workspace.js';
import { startLyingServer, type Lie, type LyingServer } from '../../testing/lying-server.js';
import { ordersServer } from '../../testing/orders-server.js';
import { checkHere, type CheckResult } from '../../testing/pull-request-check.js';
import type { Workspace } from '../../testing/workspace.js';

/** The built action against a real server that lets only so many requests through. */

let server: Awaited<ReturnType<typeof ordersServer>>;
let workspace: Workspace;
beforeAll(async () => {
  server = await ordersServer();
  workspace = await judgedWorkspace();
});
afterAll(async () => {
  await workspace.remove();
  await server.stop();
});

/** As the server says it where a namespace asks for more than it may. */
const REFUSED: Lie = { kind: 'status', code: 8, message: 'namespace rate limit exceeded' };

let asked: Record<string, number>;
let refused: number;
let front: LyingServer | undefined;
beforeEach(() => {
  asked = {};
  refused = 0;
});
afterEach(() => front?.stop());

/** @param isRefused whether this request is one too many */
async function check(
  isRefused: (method: string) => boolean,
  inputs: Readonly<Record<string, string>> = {},
): Promise<CheckResult> {
  front = await startLyingServer(server.address, (method) => {
    asked[method] = (asked[method] ?? 0) + 1;
    // The connection itself is not what this is about.
    if (method === 'GetSystemInfo' || !isRefused(method)) return undefined;
    refused += 1;
    return REFUSED;
  });
  return checkHere(workspace, {
    title: '[compatible-v1.0] Check orders for fraud',
    inputs: {
      address: front.address,
      'task-queue': server.taskQueue,
      ...JUDGED_INPUTS,
      ...inputs,
    },
  });
}

function effortOf(result: CheckResult): { readonly requests: number; readonly histories: number } {
  const report = JSON.parse(readFileSync(result.outputs['report'] ?? '', 'utf8')) as {
    effort: { requests: number; histories: number };
  };
  return report.effort;
}

test('a server over its rate limit is left alone for a while, and everything is read in the end', async () => {
  const perSecond = 10;
  let left = perSecond;
  let last = performance.now();
  const result = await check(
    () => {
      const now = performance.now();
      left = Math.min(perSecond, left + ((now - last) / 1000) * perSecond);
      last = now;
      if (left < 1) return true;
      left -= 1;
      return false;
    },
    { 'fetch-concurrency': '20' },
  );
  expect(result.outputs).toMatchObject({ verdict: 'compatible', errored: '0' });
  expect(result.outputs['passed']).toBe(result.outputs['matched']);
  const { GetSystemInfo = 0, ...counted } = asked;
  const requests = Object.values(counted).reduce((sum, one) => sum + one, 0);
  expect(GetSystemInfo).toBeGreaterThan(0);
  // Those that were refused were requests too, and are told.
  expect(effortOf(result).requests).toBe(requests);
  expect(refused).toBeGreaterThan(0);
  expect(refused).toBeLessThan(requests / 4);
});

test('a server that lets nothing through any more ends the check in its time, and never green', async () => {
  let reads = 0;
  const began = performance.now();
  const result = await check(
    (method) => method === 'GetWorkflowExecutionHistory' && (reads += 1) > 10,
    { 'time-budget': '6s' },
  );
  expect(performance.now() - began).toBeLessThan(40_000);
  expect(result.exitCode).toBe(1);
  expect(result.outputs['verdict']).toBe('inconclusive');
  // What was read until then is not lost.
  expect(Number(result.outputs['passed'])).toBeGreaterThan(0);
  expect(Number(result.outputs['passed'])).toBeLessThan(Number(result.outputs['matched']));
  // With waits that double, from a second on: nobody hammers at a closed door.
  expect(refused).toBeLessThan(30);
});
