/** @tier middle */
import { expect } from '@jest/globals';
import fc from 'fast-check';
import { renderJunitReport } from '../../src/report/junit-report.js';
import { renderSarifReport } from '../../src/report/sarif-report.js';
import { findReportSchemas, junitProblems, sarifProblems } from '../../testing/report-schemas.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { required } from '../../testing/toolchain.js';
import { hostileText } from '../untrusted/hostile-text.js';
import { hostileReport } from './hostile-report.js';
import { REPORTS } from './summary-reports.js';

const schemas = await findReportSchemas();

const OPTIONS = {
  showWorkflowIds: 'true',
  blobUrl: undefined,
  docsUrl: 'https://github.com/acme/replay/blob/v1/docs/',
} as const;

skipUnless(schemas).describe('every report, and those with hostile names', () => {
  const reports = [
    ...Object.values(REPORTS),
    ...fc.sample(hostileText, { numRuns: 60, seed: 19 }).map((name) => hostileReport(name)),
  ];

  skipUnless(schemas).test("hold JUnit's schema", async () => {
    const files = reports.map((report) => renderJunitReport(report, 'true'));
    expect(await junitProblems(required(schemas), files)).toEqual([]);
    const [first = ''] = files;
    const broken = first.replace('<testsuite ', '<testsuite wrong="" ');
    expect(await junitProblems(required(schemas), [broken])).not.toEqual([]);
  });

  skipUnless(schemas).test("hold SARIF's schema", async () => {
    const files = reports.map((report) => renderSarifReport(report, OPTIONS));
    expect(await sarifProblems(required(schemas), files)).toEqual([]);
    const [first = ''] = files;
    const broken = first.replace('"results"', '"result"');
    expect(await sarifProblems(required(schemas), [broken])).not.toEqual([]);
  });
});
