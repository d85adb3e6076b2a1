import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { concealWorkflowIds } from '../../src/report/conceal-workflow-ids.js';
import { renderJunitReport } from '../../src/report/junit-report.js';
import { figure } from '../../testing/notes.js';
import { firstSeed, repeatWords } from '../../testing/seeds.js';
import { share } from '../../testing/tiers.js';
import { anExecution } from '../builders/executions.js';
import { aFinding } from '../builders/findings.js';
import { expectGolden } from '../builders/golden.js';
import { anOutcome } from '../builders/outcomes.js';
import { aReport } from '../builders/reports.js';
import { hostileText } from '../untrusted/hostile-text.js';
import { hostileReport } from './hostile-report.js';
import { skeleton } from './skeleton.js';
import { REPORTS } from './summary-reports.js';

test.each(['incompatible', 'inconclusive-errored', 'compatible-with-historical-finding'] as const)(
  '%s, as machines read it',
  (name) => {
    expectGolden(`junit/${name}.xml`, renderJunitReport(REPORTS[name], 'true'));
  },
);

test.each(Object.entries(REPORTS))(
  'has a failed test where the check is red, and only there: %s',
  (_, report) => {
    const xml = renderJunitReport(report, 'true');
    expect(/<(?:failure|error)[ >]/u.test(xml)).toBe(!report.verdict.passes);
    const counts = /<testsuites [^>]*tests="(\d+)" failures="(\d+)" errors="(\d+)"/u.exec(xml);
    expect(counts?.slice(1).map(Number)).toEqual([
      xml.match(/<testcase /gu)?.length ?? 0,
      xml.match(/<failure[ >]/gu)?.length ?? 0,
      xml.match(/<error[ >]/gu)?.length ?? 0,
    ]);
  },
);

test('names that look like values of the builder stay names', () => {
  const execution = anExecution({ workflowId: 'true', workflowType: 'false' });
  const xml = renderJunitReport(
    aReport({ listed: [execution], outcomes: [anOutcome('passed', execution)] }),
    'true',
  );
  expect(xml).toContain('classname="false"');
});

test.each(['hash', 'false'] as const)('IDs are nowhere with show-workflow-ids: %s', (show) => {
  const secret = anExecution({ workflowId: 'customer-4711', runId: 'run-4711' });
  const report = aReport({
    listed: [secret],
    outcomes: [anOutcome('nondeterministic', secret, { message: 'of customer-4711' })],
    findings: [aFinding({ executions: [secret], headline: 'of customer-4711' })],
  });
  const xml = renderJunitReport(concealWorkflowIds(report, show), show);
  expect(xml).not.toContain('4711');
  expect(xml).toContain(show === 'hash' ? 'name="#85d0c1e31815"' : 'name="execution 1"');
});

test('no name changes what the file is', () => {
  const seed = firstSeed();
  const runs = share({ fast: 300, middle: 1_000, trust: 10_000 });
  const harmless = skeleton(renderJunitReport(hostileReport('harmless'), 'true'));
  fc.assert(
    fc.property(hostileText, (name) => {
      const xml = renderJunitReport(hostileReport(name), 'true');
      expect(skeleton(xml)).toEqual(harmless);
      // What XML has no character for, also not as an entity.

      expect(xml).not.toMatch(/[\u0000-\u0008\u000b-\u001f\ud800-\udfff\ufffe\uffff]|&#/u);
    }),
    { numRuns: runs, seed },
  );
  figure('injection: JUnit reports', `${runs} names, ${repeatWords(seed)}; 0 breaches`);
});
