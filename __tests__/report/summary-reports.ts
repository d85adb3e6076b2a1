import type { Finding } from '../../src/model/finding.js';
import type { Report } from '../../src/model/report.js';
import { aDrift, aDriftReview } from '../builders/drift.js';
import {
  aFinding,
  aGroup,
  anEventDescription,
  HISTORICAL,
  PRE_EXISTING,
} from '../builders/findings.js';
import { aVersionSetTarget } from '../builders/gate-parts.js';
import { outcomesFor } from '../builders/outcomes.js';
import { anEarlyReport, aReport, namedExecutions } from '../builders/reports.js';

const running = namedExecutions('order', 3);
const closed = namedExecutions('old-order', 2, { status: 'Completed', buildIds: ['v0.9'] });
const many = namedExecutions('order', 40);
const refunds = namedExecutions('refund', 5, { workflowType: 'refundWorkflow' });

const SOME_DRIFT = {
  differences: [
    aDrift(),
    aDrift({ field: 'argument 2', history: undefined, code: undefined }),
    aDrift({
      kind: 'command',
      command: 'a timer',
      field: undefined,
      history: undefined,
      code: undefined,
      held: undefined,
      location: { file: 'src/workflows/order.ts', line: 31 },
    }),
    aDrift({ field: 'taskQueue', history: 'orders', code: 'cards', basis: 'one-execution' }),
  ],
  undecoded: ['binary/encrypted'],
};

const PATCH_GONE = {
  divergence: {
    kind: 'differs',
    event: anEventDescription({ words: 'patch check-fraud', type: 'MarkerRecorded' }),
    command: 'activity checkFraud',
    location: { file: 'src/workflows/order.ts', line: 17 },
  },
  headline:
    'The code issues activity checkFraud here, where history holds patch check-fraud (event 5, MarkerRecorded).',
  baseline: {
    relation: 'introduced',
    words: 'patch check-fraud',
    location: { file: 'src/workflows/order.ts', line: 16 },
  },
  lines: { code: 'await checkFraud(order);', baseline: "if (patched('check-fraud')) {" },
  timeline: [
    { agrees: true, eventId: 5, history: 'activity reserve', code: { words: 'activity reserve' } },
    {
      agrees: false,
      eventId: 11,
      history: 'patch check-fraud',
      code: { words: 'activity checkFraud' },
    },
  ],
} as const satisfies Partial<Finding>;

/** One report for each thing that a reader can be told; each has its golden files. */
export const REPORTS = {
  'one-cause-in-two-groups': aReport({
    target: aVersionSetTarget({ buildId: 'v1.0', address: 'orders.a1b2c.tmprl.cloud:7233' }),
    baseline: { commit: 'ba5e'.repeat(10) },
    listed: [...running, ...closed],
    outcomes: outcomesFor([...running, ...closed], 'nondeterministic'),
    wayOut:
      'Or, if this code is only for new executions, take the claim out of the title and deploy this version so that ' +
      'running executions stay on the old one.',
    findings: [
      aFinding({
        cause: 'patch-removed',
        ...PATCH_GONE,
        remedy:
          "Put the patch back: if (patched('check-fraud')) { the new code } else { the old code }. Executions that " +
          'recorded it need the new code, and those from before it the old code.',
        fix: {
          language: 'ts',
          code: "if (patched('check-fraud')) {\n  await checkFraud(order);\n} else {\n  // the old code\n}",
        },
        executions: [...running, ...closed],
        weight: { kind: 'decisive', reason: 'it hits 3 running executions' },
        groups: [
          aGroup({ cause: 'patch-removed', ...PATCH_GONE, executions: running.slice(0, 1) }),
          aGroup({
            cause: 'command-added',
            headline:
              'The code issues activity checkFraud here, where history holds activity charge (event 5, ActivityTaskScheduled).',
            executions: [...running.slice(1), ...closed],
          }),
        ],
      }),
    ],
  }),

  compatible: aReport({
    retentionMs: 3 * 24 * 60 * 60 * 1000,
    patches: [
      {
        id: 'check|fraud',
        locations: [{ file: 'src/workflows/order.ts', line: 46 }],
        runningWith: 2,
        runningWithout: 1,
        advice: 'keep',
      },
      { id: 'pack-first', locations: [], runningWith: 3, runningWithout: 0, advice: 'deprecate' },
    ],
    reach: {
      changedLines: 12,
      reachedLines: 5,
      unreached: [
        { file: 'src/workflows/order.ts', startLine: 47, endLine: 47 },
        { file: 'src/workflows/[refund].ts', startLine: 8, endLine: 13 },
      ],
    },
    listed: [...running, ...closed],
    outcomes: outcomesFor([...running, ...closed], 'passed'),
  }),

  'compatible-by-a-sample': aReport({
    listed: many,
    outcomes: outcomesFor(many.slice(0, 30), 'passed'),
    estimate: {
      running: 40,
      sampled: 10,
      affected: 0,
      atMost: 0.258_866,
      confidence: 0.95,
      seed: 4_117,
    },
    effort: { requests: 36, histories: 30 },
  }),

  'compatible-with-historical-finding': aReport({
    listed: [...running, ...closed],
    outcomes: [...outcomesFor(running, 'passed'), ...outcomesFor(closed, 'nondeterministic')],
    findings: [aFinding({ executions: closed, weight: HISTORICAL })],
  }),

  incompatible: aReport({
    listed: [...running, ...closed, ...refunds],
    outcomes: [
      ...outcomesFor([...running, ...closed], 'nondeterministic'),
      ...outcomesFor(refunds.slice(0, 1), 'task-failed'),
      ...outcomesFor(refunds.slice(1), 'passed'),
    ],
    findings: [
      aFinding({
        executions: [...running, ...closed],
        weight: { kind: 'decisive', reason: 'it hits 3 running executions' },
      }),
      aFinding({
        outcome: 'task-failed',
        workflowType: 'refundWorkflow',
        executions: refunds.slice(0, 1),
        divergence: { kind: 'threw', location: { file: 'src/workflows/refund.ts', line: 4 } },
        headline: 'The code throws while it replays: TypeError: order is undefined',
        remedy: 'A worker with this code would fail the workflow task and retry it for ever.',
      }),
      aFinding({
        executions: closed,
        divergence: { kind: 'unlocated', event: anEventDescription() },
        headline: "The code's commands do not match history at activity charge (event 5).",
        weight: HISTORICAL,
      }),
    ],
  }),

  'compared-with-a-baseline': aReport({
    baseline: {
      commit: 'ba5e'.repeat(10),
      replayer: { language: 'typescript', sdkName: '@temporalio/worker', sdkVersion: '1.23.0' },
    },
    listed: [...running, ...closed, ...refunds],
    outcomes: [
      ...outcomesFor([...running, ...closed], 'nondeterministic'),
      ...outcomesFor(refunds, 'passed'),
    ],
    findings: [
      aFinding({
        executions: running,
        baseline: {
          relation: 'introduced',
          words: 'activity charge',
          location: { file: 'src/workflows/old|order.ts', line: 12 },
        },
      }),
      aFinding({
        executions: closed,
        divergence: { kind: 'missing-command', event: anEventDescription() },
        weight: PRE_EXISTING,
        baseline: { relation: 'pre-existing', words: 'breaks in the same way' },
      }),
    ],
  }),

  'compatible-with-drift': aReport({
    listed: running,
    outcomes: outcomesFor(running, 'passed'),
    drift: aDriftReview({ policy: 'warn', ...SOME_DRIFT }),
  }),

  'incompatible-by-drift': aReport({
    listed: running,
    outcomes: outcomesFor(running, 'passed'),
    drift: aDriftReview({ policy: 'fail', ...SOME_DRIFT, compared: 3, undecoded: [] }),
  }),

  'advice-where-nothing-is-claimed': aReport({
    claim: { kind: 'claimed', buildId: 'v2.0', from: 'on-no-claim' },
    policy: { onNoClaim: 'advise', onUnknownBuild: 'fail', onNoHistories: undefined },
    listed: running,
    outcomes: outcomesFor(running, 'nondeterministic'),
    findings: [aFinding({ executions: running })],
  }),

  'inconclusive-malformed-claim': anEarlyReport({
    claim: {
      kind: 'malformed',
      problem: '"[Compatible-v2.0] Wait": "compatible" must be in lower case.',
    },
  }),

  'inconclusive-unknown-build': anEarlyReport({
    unknownBuild:
      'No version set holds build ID v2.0. The server holds these version sets (defaults last): orders [v1.0, v1.1]. ' +
      'Correct the title, or task-queue.',
  }),

  'inconclusive-empty': aReport(),

  'inconclusive-empty-allowed': aReport({
    policy: { onNoClaim: 'pass', onUnknownBuild: 'fail', onNoHistories: 'warn' },
  }),

  'inconclusive-errored': aReport({
    listed: [...running, ...refunds],
    outcomes: [
      ...outcomesFor(running, 'passed'),
      ...outcomesFor(refunds.slice(0, 2), 'errored').map((outcome) => ({
        ...outcome,
        message: 'it did not end within 120 s, even alone: an endless loop, or a very long history',
      })),
      ...outcomesFor(refunds.slice(2, 3), 'gone').map((outcome) => ({
        ...outcome,
        message: 'it vanished between the listing and the read',
      })),
      ...outcomesFor(refunds.slice(3, 4), 'passed'),
    ],
    warnings: ['2 executions could not be judged.'],
  }),

  'inconclusive-budget': aReport({
    listed: namedExecutions('order', 60),
    outcomes: outcomesFor(namedExecutions('order', 7), 'passed'),
  }),

  'inconclusive-error': anEarlyReport({
    problem: {
      found: 'The Temporal server at localhost:7233 cannot be reached (14 UNAVAILABLE)',
      expected: 'a Temporal frontend without TLS',
      fix: "check address, and that the runner's network can reach it",
    },
  }),

  'not-claimed': anEarlyReport({ claim: { kind: 'not-claimed' }, commit: undefined }),

  'not-claimed-with-warning': anEarlyReport({
    claim: { kind: 'not-claimed' },
    warnings: ['The title reverts a change that made a claim; a revert claims nothing by itself.'],
  }),
} satisfies Record<string, Report>;
