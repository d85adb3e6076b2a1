import { expect, test } from '@jest/globals';
import type { Log } from 'sarif';
import type { Report } from '../../src/model/report.js';
import { concealWorkflowIds } from '../../src/report/conceal-workflow-ids.js';
import { renderSarifReport } from '../../src/report/sarif-report.js';
import { anExecution } from '../builders/executions.js';
import { aFinding, anEventDescription } from '../builders/findings.js';
import { expectGolden } from '../builders/golden.js';
import { anOutcome } from '../builders/outcomes.js';
import { aReport } from '../builders/reports.js';
import { hostileReport } from './hostile-report.js';
import { REPORTS } from './summary-reports.js';

const OPTIONS = { showWorkflowIds: 'true', blobUrl: undefined } as const;

function runOf(report: Report): Log['runs'][number] {
  const [run] = (JSON.parse(renderSarifReport(report, OPTIONS)) as Log).runs;
  if (run === undefined) throw new Error('a log without a run');
  return run;
}

test.each(['incompatible', 'inconclusive-error'] as const)('%s, as machines read it', (name) => {
  expectGolden(`sarif/${name}.sarif`, renderSarifReport(REPORTS[name], OPTIONS));
});

test.each(Object.entries(REPORTS))(
  'tells every finding, with a place where it is a result: %s',
  (_, report) => {
    const { results = [], invocations: [{ toolExecutionNotifications = [] } = {}] = [] } =
      runOf(report);
    const told = [
      ...results,
      ...toolExecutionNotifications.filter(({ descriptor }) => descriptor !== undefined),
    ];
    expect(told).toHaveLength(report.findings.length);
    for (const { locations = [] } of results) {
      expect(locations[0]?.physicalLocation?.artifactLocation?.uri).toMatch(/^src\//u);
    }
    const levels = [...results, ...toolExecutionNotifications].map(({ level }) => level);
    expect(levels.includes('error')).toBe(!report.verdict.passes);
  },
);

test('a finding that other edits move to another line keeps its fingerprint, whichever execution shows it', () => {
  const execution = anExecution();
  const at = (line: number, words: string, eventId: number) =>
    runOf(
      aReport({
        listed: [execution],
        outcomes: [anOutcome('nondeterministic', execution)],
        findings: [
          aFinding({
            executions: [execution],
            divergence: {
              kind: 'differs',
              event: anEventDescription({ words, eventId }),
              command: 'a timer',
              location: { file: 'a.ts', line },
            },
          }),
        ],
      }),
    ).results?.[0]?.partialFingerprints;
  expect(at(4, 'activity charge', 5)).toEqual(at(40, 'activity charge', 17));
  expect(at(4, 'activity charge', 5)).not.toEqual(at(4, 'activity refund', 5));
});

test('a path of any name is an address within the repository', () => {
  const uri = runOf(hostileReport('../<x>: a%b')).results?.[0]?.locations?.[0]?.physicalLocation
    ?.artifactLocation?.uri;
  expect(uri).toBe('src/../%3Cx%3E%3A%20a%25b.ts');
});

test.each(['hash', 'false'] as const)('IDs are nowhere with show-workflow-ids: %s', (show) => {
  const secret = anExecution({ workflowId: 'customer-4711', runId: 'run-4711' });
  const report = aReport({
    listed: [secret],
    outcomes: [anOutcome('nondeterministic', secret)],
    findings: [aFinding({ executions: [secret], headline: 'of customer-4711' })],
  });
  const text = renderSarifReport(concealWorkflowIds(report, show), {
    ...OPTIONS,
    showWorkflowIds: show,
  });
  expect(text).not.toContain('4711');
});
