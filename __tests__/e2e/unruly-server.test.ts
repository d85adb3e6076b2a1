import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { timerHistory } from '../../testing/generated-history.js';
import {
  startGeneratedServer,
  type GeneratedServer,
  type GeneratedServerOptions,
} from '../../testing/generated-server.js';
import { JUDGED_INPUTS, judgedWorkspace } from '../../testing/judged-workspace.js';
import { checkHere, type CheckResult } from '../../testing/pull-request-check.js';
import type { Workspace } from '../../testing/workspace.js';
import { HistoryMessage, type IHistoryEvent } from '../../src/temporal/history/proto.js';

/** The built action against a server that does not do what one should. */

const COUNT = 30;

let workspace: Workspace;
beforeAll(async () => {
  workspace = await judgedWorkspace();
});
afterAll(() => workspace.remove());

let server: GeneratedServer | undefined;
afterEach(() => server?.stop());

const runIdOf = (number: number): string =>
  `5ca1e000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;

function eventsOf(workflowId: string): readonly IHistoryEvent[] {
  const timersByTask = [1, 1, 1];
  const bytes = timerHistory({
    workflowType: 'order',
    workflowId,
    taskQueue: 'scale',
    timersByTask,
  });
  return HistoryMessage.decode(bytes).events;
}

interface Unruly extends Omit<GeneratedServerOptions, 'executions'> {
  readonly events?:
    typeof eventsOf | ((workflowId: string) => readonly IHistoryEvent[] | undefined);
  readonly count?: number;
}

async function check(
  unruly: Unruly,
  inputs: Readonly<Record<string, string>> = {},
): Promise<CheckResult & { readonly effort: { readonly requests: number } }> {
  const { events = eventsOf, count = COUNT, ...options } = unruly;
  server = await startGeneratedServer({
    ...options,
    executions: {
      count,
      at: (number) => ({
        workflowId: `order-${number}`,
        runId: runIdOf(number),
        workflowType: 'order',
        startTime: 1_790_000_000 - number,
      }),
      events,
    },
  });
  const result = await checkHere(workspace, {
    title: '[compatible-v1.0] Check orders for fraud',
    inputs: {
      address: server.address,
      versioning: 'none',
      query: 'TaskQueue = "scale"',
      ...JUDGED_INPUTS,
      ...inputs,
    },
  });
  const report = JSON.parse(readFileSync(result.outputs['report'] ?? '', 'utf8')) as {
    effort: { requests: number };
  };
  return { ...result, effort: report.effort };
}

const HISTORY = 'GetWorkflowExecutionHistory';

test('as long as it does what it should, everything is read, with the fewest requests that can', async () => {
  const result = await check({});
  expect(result.outputs).toMatchObject({ verdict: 'compatible', passed: String(COUNT) });
  expect(server?.requests).toMatchObject({ ListWorkflowExecutions: 1, [HISTORY]: COUNT });
  expect(result.effort.requests).toBe(COUNT + 1);
});

describe('one that', () => {
  test('stalls in the middle of a history ends the run in its time, and it is not green', async () => {
    const began = performance.now();
    const result = await check(
      {
        eventsOnPage: 5,
        interfere: (method, call) =>
          method === HISTORY && call >= 40 ? { kind: 'stall' } : undefined,
      },
      { 'time-budget': '3s' },
    );
    expect(performance.now() - began).toBeLessThan(60_000);
    expect(result.exitCode).toBe(1);
    expect(result.outputs['verdict']).toBe('inconclusive');
    expect(Number(result.outputs['passed'])).toBeGreaterThan(0);
    expect(Number(result.outputs['passed'])).toBeLessThan(20);
    expect(result.summary).toContain('20 matching executions were not replayed: the budget ended');
  });

  test('breaks off a history passingly is asked again, and everything is read', async () => {
    const result = await check({
      eventsOnPage: 5,
      interfere: (method, call) =>
        method === HISTORY && call % 10 === 3
          ? { kind: 'refuse', code: 14, message: 'connection reset' }
          : undefined,
    });
    expect(result.outputs).toMatchObject({ verdict: 'compatible', passed: String(COUNT) });
  });

  test('breaks off for good says what it was about, and is not green', async () => {
    const result = await check(
      {
        eventsOnPage: 5,
        interfere: (method, call) =>
          method === HISTORY && call >= 40
            ? { kind: 'refuse', code: 14, message: 'connection reset' }
            : undefined,
      },
      { 'time-budget': '5s' },
    );
    expect(result.exitCode).toBe(1);
    expect(result.outputs['verdict']).toBe('inconclusive');
  });

  test('deletes executions between the pages of their histories: they are gone, and decide nothing', async () => {
    const pages = new Map<string, number>();
    const result = await check({
      eventsOnPage: 5,
      events: (workflowId) => {
        const page = pages.get(workflowId) ?? 0;
        pages.set(workflowId, page + 1);
        return page > 0 && Number(workflowId.split('-')[1]) % 3 === 0
          ? undefined
          : eventsOf(workflowId);
      },
    });
    expect(result.outputs).toMatchObject({ verdict: 'compatible', gone: '10', passed: '20' });
  });

  test('deletes all of them: nothing was replayed, and it is not green', async () => {
    const result = await check({ events: () => undefined });
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ verdict: 'inconclusive', gone: String(COUNT) });
  });

  test.each([
    ['of one event', 1],
    ['of one event too few', 15],
    ['of everything', 1_000_000],
  ])('sends pages %s is read all the same', async (_, eventsOnPage) => {
    const result = await check({ eventsOnPage });
    expect(result.outputs).toMatchObject({ verdict: 'compatible', passed: String(COUNT) });
  });

  test('leaves events out of a page: none of its histories is judged, and it is not green', async () => {
    const result = await check({
      events: (workflowId) => eventsOf(workflowId).filter((_, at) => at !== 6),
    });
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ verdict: 'inconclusive', errored: String(COUNT) });
    expect(result.summary).toContain('event 7 is missing');
  });

  test('lists more on a page than it was asked for is listed whole, each once', async () => {
    const result = await check({ listed: 2_500, count: 3_000 }, { 'max-histories': '40' });
    expect(result.outputs).toMatchObject({ matched: '3000', passed: '40' });
    expect(server?.requests['ListWorkflowExecutions']).toBe(2);
  });
});

test('reading stops when every replay is spent, however many there are', async () => {
  await check({ count: 2_000 }, { 'max-histories': '20', 'max-reads': '2000' });
  // Read ahead of twenty replays; all 2,000 would be read if nothing stopped it.
  const reads = server?.requests[HISTORY] ?? 0;
  expect(reads).toBeGreaterThanOrEqual(20);
  expect(reads).toBeLessThan(1_500);
});
