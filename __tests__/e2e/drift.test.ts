import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Drift, DriftReview } from '../../src/model/drift.js';
import { checkOutBaseline, ordersWorkspace } from '../../testing/orders-application.js';
import { ordersServer } from '../../testing/orders-server.js';
import { checkHere, type CheckResult } from '../../testing/pull-request-check.js';
import { inTier } from '../../testing/tiers.js';
import { reportProblems } from '../../testing/report-schema.js';

/** What replay lets pass, told from real executions of the example application. */

const ORDER = 'src/workflows/order.ts';
const ACCOUNT = 'src/workflows/customer-account.ts';

/** Edits of the order workflow that every execution replays. */
const EDITS = {
  argument: [
    'sendReceipt(input.orderId, input.amount)',
    'sendReceipt(input.orderId, input.amount * 2)',
  ],
  timeout: [
    "refundCard, sendReceipt } = proxyActivities<typeof activities>({\n  startToCloseTimeout: '10 seconds',",
    "refundCard, sendReceipt } = proxyActivities<typeof activities>({\n  startToCloseTimeout: '1 minute',",
  ],
  timer: ["input.approvalTimeout ?? '3 days'", "'4 days'"],
} as const;

let server: Awaited<ReturnType<typeof ordersServer>>;
let source: string;

beforeAll(async () => {
  server = await ordersServer();
  source = await sourceOf(ORDER);
});
afterAll(() => server.stop());

async function sourceOf(file: string): Promise<string> {
  const workspace = await ordersWorkspace();
  const text = readFileSync(join(workspace.path, file), 'utf8');
  await workspace.remove();
  return text;
}

function edited(...edits: readonly (readonly [from: string, to: string])[]): string {
  let text = source;
  for (const [from, to] of edits) {
    if (!text.includes(from)) throw new Error(`the source does not hold ${from}`);
    text = text.replace(from, to);
  }
  return text;
}

/** A pull request has to change something. */
function unchanged(): string {
  return `${source}\n// Orders.\n`;
}

function lineOf(text: string, part: string): number {
  const line = text.split('\n').findIndex((one) => one.includes(part)) + 1;
  if (line === 0) throw new Error(`no line holds ${part}`);
  return line;
}

interface Checked {
  readonly result: CheckResult;
  /** Null where it was not looked for. */
  readonly review: DriftReview | null;
  readonly told: readonly Drift[];
}

async function check(
  changed: string | Readonly<Record<string, string>>,
  inputs: Readonly<Record<string, string>> = {},
  baseline = false,
): Promise<Checked> {
  const workspace = await ordersWorkspace({
    files: typeof changed === 'string' ? { [ORDER]: changed } : changed,
  });
  try {
    if (baseline) await checkOutBaseline(workspace, 'base');
    const result = await checkHere(workspace, {
      title: '[compatible-v1.0] Change the order',
      inputs: {
        address: server.address,
        'task-queue': server.taskQueue,
        // Those of v2.1 have commands that this code does not issue.
        query: 'BuildIds = "versioned:v1.0"',
        ...(baseline ? { 'baseline-directory': 'base' } : {}),
        ...inputs,
      },
    });
    const report = JSON.parse(readFileSync(result.outputs['report'] ?? '', 'utf8')) as {
      drift: DriftReview | null;
    };
    expect(reportProblems(report)).toEqual([]);
    const review = report.drift;
    return {
      result,
      review,
      told: (review?.differences ?? []).filter(({ basis }) => basis !== 'one-execution'),
    };
  } finally {
    await workspace.remove();
  }
}

describe('unchanged code', () => {
  test('has none, and stays green with drift: fail', async () => {
    const { result, review } = await check(unchanged(), { drift: 'fail' });
    expect(review).toMatchObject({ differences: [], undecoded: [], baseline: false });
    expect(review?.compared).toBeGreaterThan(3);
    expect(review?.compared).toBe(review?.chosen);
    expect(result.outputs).toMatchObject({ verdict: 'compatible', reason: 'all-replayed' });
    expect(result.summary).not.toContain('<summary>Drift');
  });
});

describe('a change that replays', () => {
  test('of an argument, a timeout and a timer is told at its line, and decides nothing', async () => {
    const text = edited(EDITS.argument, EDITS.timeout, EDITS.timer);
    const { result, told } = await check(text);
    expect(result.outputs).toMatchObject({ verdict: 'compatible', reason: 'all-replayed' });
    expect(result.exitCode).toBe(0);
    expect(result.annotations).toEqual([]);
    const at = (part: string) => ({ file: ORDER, line: lineOf(text, part) });
    expect(told).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          kind: 'field',
          command: 'activity sendReceipt',
          field: 'argument 2',
          held: 'by-both',
          location: expect.objectContaining(at('sendReceipt(input.orderId')),
          basis: 'several-executions',
        }),
        expect.objectContaining({
          command: 'activity sendReceipt',
          field: 'startToCloseTimeout',
          history: '10 s',
          code: '1 m',
        }),
        expect.objectContaining({
          command: 'activity reserveStock',
          field: 'startToCloseTimeout',
          location: expect.objectContaining(at('await reserveStock(')),
        }),
        expect.objectContaining({
          command: 'a timer',
          field: 'startToFireTimeout',
          code: '4 d',
          location: expect.objectContaining(at("'4 days'")),
        }),
      ]),
    );
    // Payloads are compared and never shown.
    expect(told.find(({ field }) => field === 'argument 2')).not.toHaveProperty('code');
    expect(result.summary).toContain('<summary>Drift');
    expect(result.summary).toContain('startToCloseTimeout: history 10 s, code 1 m');
  });

  inTier('middle', 'drift as warnings', () => {
    test('is one warning for each line with drift: warn', async () => {
      const text = edited(EDITS.argument, EDITS.timeout);
      const { result, told } = await check(text, { drift: 'warn' });
      expect(result.exitCode).toBe(0);
      const lines = new Set(told.map(({ location }) => location?.line));
      expect(result.annotations.map(({ level }) => level)).toEqual(
        Array.from({ length: lines.size }, () => 'warning'),
      );
      expect(result.annotations).toContainEqual(
        expect.objectContaining({
          file: ORDER,
          line: lineOf(text, 'sendReceipt(input.orderId'),
          message: expect.stringMatching(
            /activity sendReceipt.*startToCloseTimeout: history 10 s, code 1 m; argument 2 differs/u,
          ),
        }),
      );
    });
  });

  test('is red with drift: fail, by its own reason', async () => {
    const { result } = await check(edited(EDITS.timeout), { drift: 'fail' });
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ verdict: 'incompatible', reason: 'drift' });
    expect(result.outputs['nondeterministic']).toBe('0');
    expect(result.annotations.map(({ level }) => level)).toContain('error');
  });

  inTier('middle', 'drift that nobody looks for', () => {
    test('is not looked for with drift: off', async () => {
      const { result, review } = await check(edited(EDITS.timeout), { drift: 'off' });
      expect(review).toBeNull();
      expect(result.summary).not.toContain('<summary>Drift');
    });
  });

  test('that adds a timer before a wait is told as a command that history does not hold', async () => {
    const account = await sourceOf(ACCOUNT);
    const text = account
      .replace('setHandler }', 'setHandler, sleep }')
      .replace(/^.*await condition\(.*$/mu, "    if (handled === 2) await sleep('1 minute');\n$&");
    const { result, told } = await check(
      { [ACCOUNT]: text },
      {
        query: 'WorkflowType = "customerAccount" AND ExecutionStatus = "Running"',
      },
    );
    expect(result.outputs).toMatchObject({ verdict: 'compatible', nondeterministic: '0' });
    expect(told).toMatchObject([
      {
        kind: 'command',
        command: 'a timer',
        location: { file: ACCOUNT, line: lineOf(text, "sleep('1 minute')") },
      },
    ]);
    expect(result.summary).toContain('issued where history has no command');
  });
});

inTier('middle', 'drift beside a baseline', () => {
  describe('with a baseline', () => {
    test('what the change brings is told, and what the baseline does too is not', async () => {
      const text = edited(EDITS.timeout);
      const { review, told } = await check(text, {}, true);
      expect(review?.baseline).toBe(true);
      expect(told.length).toBeGreaterThan(0);
      expect(new Set(told.map(({ basis }) => basis))).toEqual(new Set(['differs-from-baseline']));
      expect(new Set(told.map(({ field }) => field))).toEqual(new Set(['startToCloseTimeout']));
    });
  });
});
