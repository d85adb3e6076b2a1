import { describe, expect, test } from '@jest/globals';
import { renderJsonReport } from '../../src/report/json-report.js';
import type { Report } from '../../src/model/report.js';
import { anExecution } from '../builders/executions.js';
import { aFinding } from '../builders/findings.js';
import { expectGolden } from '../builders/golden.js';
import { anOutcome } from '../builders/outcomes.js';
import { anEarlyReport, aReport } from '../builders/reports.js';
import { hostileReport } from './hostile-report.js';
import { REPORTS } from './summary-reports.js';
import { temporalReader } from '../../src/temporal/reader.js';

const parsed = (report: Report, show: 'true' | 'hash' | 'false' = 'true') =>
  JSON.parse(renderJsonReport(report, show, temporalReader)) as Record<string, unknown>;

test.each(['incompatible', 'inconclusive-error'] as const)('%s, as machines read it', (name) => {
  expectGolden(`report/${name}.json`, renderJsonReport(REPORTS[name], 'true', temporalReader));
});

test('has every field at all times, null where there is nothing', () => {
  const whole = Object.keys(parsed(REPORTS['incompatible']));
  const early = parsed(anEarlyReport({ claim: undefined, commit: undefined }));
  expect(Object.keys(early)).toEqual(whole);
  expect(early).toMatchObject({ claim: null, target: null, replayer: null, commit: null });
  expect(early['problem']).toBeNull();
});

test('carries any name unharmed', () => {
  const report = hostileReport();
  expect(parsed(report)).toMatchObject({ warnings: report.warnings });
});

describe('workflow IDs', () => {
  const secret = anExecution({ workflowId: 'customer-4711', runId: 'run-4711' });
  const report = aReport({
    listed: [secret],
    outcomes: [anOutcome('nondeterministic', secret)],
    findings: [aFinding({ executions: [secret] })],
  });

  test('are there where they may be shown', () => {
    expect(parsed(report)).toMatchObject({
      outcomes: [{ execution: { workflowId: 'customer-4711', runId: 'run-4711' } }],
      findings: [{ executions: [{ workflowId: 'customer-4711' }] }],
    });
  });

  test.each(['hash', 'false'] as const)('are nowhere with %s', (show) => {
    expect(renderJsonReport(report, show, temporalReader)).not.toContain('4711');
  });

  test('can be found again by their hash', () => {
    expect(parsed(report, 'hash')).toMatchObject({
      outcomes: [{ execution: { workflowIdHash: '85d0c1e31815' } }],
    });
  });
});

test('holds no stack of a bug', () => {
  const bug = new TypeError('x is undefined');
  expect(renderJsonReport({ ...aReport(), bug }, 'true', temporalReader)).not.toContain(
    'TypeError',
  );
});
