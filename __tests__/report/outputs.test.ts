import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { renderOutputs } from '../../src/report/outputs.js';
import { anExecution } from '../builders/executions.js';
import { aFinding } from '../builders/findings.js';
import { anOutcome } from '../builders/outcomes.js';
import { anEarlyReport, aReport } from '../builders/reports.js';

const OPTIONS = { showWorkflowIds: 'true', reportPath: '/tmp/report.json' } as const;

const action = parse(readFileSync(join(import.meta.dirname, '../../action.yml'), 'utf8')) as {
  readonly outputs: Readonly<Record<string, unknown>>;
};

test.each([
  ['a whole run', aReport()],
  ['a run that never came to a target', anEarlyReport({ claim: undefined })],
])('of %s are exactly those that action.yml names', (_, report) => {
  expect(Object.keys(renderOutputs(report, OPTIONS))).toEqual(Object.keys(action.outputs));
});

test('count each outcome', () => {
  const outcomes = [
    anOutcome('passed'),
    anOutcome('passed'),
    anOutcome('nondeterministic'),
    anOutcome('task-failed'),
    anOutcome('errored'),
    anOutcome('skipped'),
    anOutcome('gone'),
  ];
  const listed = [...outcomes.map((outcome) => outcome.execution), anExecution()];
  expect(
    renderOutputs(aReport({ listed, outcomes, findings: [aFinding()] }), OPTIONS),
  ).toMatchObject({
    verdict: 'incompatible',
    reason: 'decisive-finding',
    'build-id': 'v2.0',
    target: 'version set of v2.0 in namespace default: orders [v1.0, v1.1]',
    matched: '8',
    replayed: '4',
    passed: '2',
    nondeterministic: '1',
    'task-failed': '1',
    errored: '1',
    skipped: '1',
    gone: '1',
    report: '/tmp/report.json',
  });
});

test('are empty or zero where nothing is known', () => {
  const report = anEarlyReport({ claim: { kind: 'not-claimed' } });
  expect(renderOutputs(report, { ...OPTIONS, reportPath: undefined })).toMatchObject({
    verdict: 'not-claimed',
    'build-id': '',
    target: '',
    matched: '0',
    replayed: '0',
    findings: '[]',
    report: '',
  });
});

test('name the build ID that an earlier title claimed', () => {
  const gone = anEarlyReport({ claim: { kind: 'not-claimed' }, removedClaim: 'v1.0' });
  expect(renderOutputs(gone, OPTIONS)['claim-removed']).toBe('v1.0');
  expect(renderOutputs(aReport(), OPTIONS)['claim-removed']).toBe('');
});

test('hold the findings as JSON', () => {
  const findings = renderOutputs(aReport({ findings: [aFinding()] }), OPTIONS)['findings'] ?? '';
  expect(JSON.parse(findings)).toMatchObject([
    { outcome: 'nondeterministic', divergence: { kind: 'differs' }, weight: { kind: 'decisive' } },
  ]);
});

test.each(['hash', 'false'] as const)('name no workflow ID with %s', (showWorkflowIds) => {
  const secret = anExecution({ workflowId: 'customer-4711', runId: 'run-4711' });
  const report = aReport({
    listed: [secret],
    outcomes: [anOutcome('nondeterministic', secret)],
    findings: [aFinding({ executions: [secret] })],
  });
  expect(JSON.stringify(renderOutputs(report, { ...OPTIONS, showWorkflowIds }))).not.toContain(
    '4711',
  );
});

test('say how many history files there were', () => {
  const target = { kind: 'history-files', buildId: 'v2.0', pattern: '*.json', files: 1 } as const;
  expect(renderOutputs(aReport({ target }), OPTIONS)['target']).toBe('1 exported history');
  expect(renderOutputs(aReport({ target: { ...target, files: 2 } }), OPTIONS)['target']).toBe(
    '2 exported histories',
  );
});
