import { describe, expect, test } from '@jest/globals';
import type { Report } from '../../src/model/report.js';
import { concealWorkflowIds } from '../../src/report/conceal-workflow-ids.js';
import { workflowIdHash } from '../../src/report/workflow-ids.js';
import { anExecution } from '../builders/executions.js';
import { aDrift, aDriftReview } from '../builders/drift.js';
import { aFinding } from '../builders/findings.js';
import { aReport } from '../builders/reports.js';

const one = anExecution({ workflowId: 'order-1', runId: 'run-of-order-1' });
const ten = anExecution({ workflowId: 'order-10', runId: 'run-of-order-10' });
const dotted = anExecution({ workflowId: 'a.b+c(d)', runId: 'r-x' });

const text =
  'order-1 (run run-of-order-1), order-1-shipment and order-10 of orderWorkflow on orders, not order-123; a.b+c(d)';

function reportWith(words: string): Report {
  return aReport({
    outcomes: [one, ten, dotted].map((execution) => ({
      execution,
      kind: 'errored',
      message: words,
    })),
    findings: [
      aFinding({
        executions: [one, ten, dotted],
        headline: words,
        remedy: words,
        timeline: [
          {
            agrees: false,
            eventId: 7,
            history: words,
            code: { words, source: words },
            baseline: { words, source: words },
          },
        ],
        divergence: {
          kind: 'differs',
          event: { eventId: 7, type: 'StartChildWorkflowExecutionInitiated', words },
          command: words,
          location: { file: 'src/order-1.ts', line: 3 },
        },
      }),
    ],
    drift: aDriftReview({
      differences: [aDrift({ command: words, field: words, history: words, code: words })],
    }),
    warnings: [words],
    problem: { found: words, expected: words, fix: words },
  });
}

test('with "true" nothing changes', () => {
  const report = reportWith(text);
  expect(concealWorkflowIds(report, 'true')).toBe(report);
});

describe.each(['hash', 'false'] as const)('with "%s"', (show) => {
  const name = (id: string) => (show === 'hash' ? `#${workflowIdHash(id)}` : '(a Workflow ID)');
  const expected =
    `${name('order-1')} (run (a Run ID)), ${name('order-1')}-shipment and ${name('order-10')} of ` +
    `orderWorkflow on orders, not order-123; ${name('a.b+c(d)')}`;

  test('every text about the executions is without their IDs', () => {
    const { findings, drift, warnings, problem } = concealWorkflowIds(reportWith(text), show);
    expect(findings[0]).toMatchObject({
      headline: expected,
      remedy: expected,
      divergence: {
        event: { eventId: 7, type: 'StartChildWorkflowExecutionInitiated', words: expected },
        command: expected,
        location: { file: 'src/order-1.ts', line: 3 },
      },
      timeline: [
        {
          eventId: 7,
          history: expected,
          code: { words: expected, source: expected },
          baseline: { words: expected, source: expected },
        },
      ],
    });
    expect(drift?.differences).toMatchObject([
      { command: expected, field: expected, history: expected, code: expected },
    ]);
    expect(warnings).toEqual([expected]);
    expect(problem).toEqual({ found: expected, expected, fix: expected });
  });

  test('the message of an outcome is without those of its execution', () => {
    const { outcomes } = concealWorkflowIds(reportWith('order-10 and run-of-order-10'), show);
    expect(outcomes[1]?.message).toBe(`${name('order-10')} and (a Run ID)`);
  });

  test('executions stay as they are: renderers name them', () => {
    const report = reportWith(text);
    const { outcomes, findings } = concealWorkflowIds(report, show);
    expect(outcomes.map(({ execution }) => execution)).toEqual([one, ten, dotted]);
    expect(findings[0]?.executions).toEqual([one, ten, dotted]);
  });

  test('an ID that is called as the type or the queue leaves the text readable', () => {
    const execution = anExecution({
      workflowId: 'orders',
      workflowType: 'ship',
      taskQueue: 'orders',
    });
    const report = aReport({ outcomes: [{ execution, kind: 'errored', message: 'on orders' }] });
    expect(concealWorkflowIds(report, show).outcomes[0]?.message).toBe('on orders');
  });
});
