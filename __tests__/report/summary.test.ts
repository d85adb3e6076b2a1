import { describe, expect, test } from '@jest/globals';
import { renderSummary, type SummaryOptions } from '../../src/report/summary.js';
import { aClosedExecution, anExecution, executions } from '../builders/executions.js';
import { aFinding } from '../builders/findings.js';
import { expectGolden } from '../builders/golden.js';
import { outcomesFor } from '../builders/outcomes.js';
import { aReport } from '../builders/reports.js';
import { activeMarkup } from '../untrusted/active-markup.js';
import { hostileReport, SHORT_HOSTILE } from './hostile-report.js';
import { REPORTS } from './summary-reports.js';

const OPTIONS: SummaryOptions = {
  showWorkflowIds: 'true',
  blobUrl: 'https://github.com/acme/orders/blob/5a6b7c8d/',
};

describe('the job summary, as people read it', () => {
  test.each(Object.entries(REPORTS))('%s', (name, report) => {
    expectGolden(`summary/${name}.md`, renderSummary(report, OPTIONS));
  });

  test('with hostile names in every field', () => {
    expectGolden('summary/hostile-names.md', renderSummary(hostileReport(SHORT_HOSTILE), OPTIONS));
  });
});

describe('hostile names', () => {
  /** What this report may hold itself: code, links to the file, quotes, lists, tables, headings. */
  const OWN = /<\/?code>|<a href="https:\/\/github\.com\/acme\/orders\/blob\/[^"<>\s]*">|<\/a>/gu;

  test('become no markup', () => {
    const lines = renderSummary(hostileReport(), OPTIONS).split('\n');
    const own = lines.map((line) =>
      line
        .replace(OWN, '')
        .replace(/^(?:#{2,3} |> |- (?:\*\*[A-Z][a-z ]+:\*\* )?|\| --- .*$)/u, '')
        // A row of a table has as many cells as its author gave it.
        .replace(/^\| (?:[^|]*) (?:\| (?:[^|]*) ){1,3}\|$/u, (row) => row.replaceAll('|', ' ')),
    );
    for (const line of own.filter((one) => !one.startsWith('| | |'))) {
      expect([line, activeMarkup(line.trimStart())]).toEqual([line, undefined]);
    }
  });

  test('end no line, so that the summary has as many as one with harmless names', () => {
    const hostile = hostileReport();
    const harmless = JSON.parse(
      JSON.stringify(hostile, (_, value: unknown) =>
        typeof value === 'string' && value.length > 100 ? 'harmless' : value,
      ),
    ) as typeof hostile;
    const count = (text: string): number => text.split('\n').length;
    expect(count(renderSummary(hostile, OPTIONS))).toBe(count(renderSummary(harmless, OPTIONS)));
  });
});

describe('a link to the code', () => {
  const located = (file: string) =>
    aReport({
      findings: [aFinding({ divergence: { kind: 'threw', location: { file, line: 17 } } })],
    });

  test('leads to the line at the commit that was checked', () => {
    expect(renderSummary(located('src/a.ts'), OPTIONS)).toContain(
      '<a href="https://github.com/acme/orders/blob/5a6b7c8d/src/a.ts#L17">',
    );
  });

  test('carries any name of a file', () => {
    expect(renderSummary(located(`src/a "b'#?%.ts`), OPTIONS)).toContain(
      '/src/a%20%22b%27%23%3F%25.ts#L17">',
    );
  });

  test('is left out outside of a repository', () => {
    expect(renderSummary(located('src/a.ts'), { ...OPTIONS, blobUrl: undefined })).not.toContain(
      '<a ',
    );
  });
});

describe('workflow IDs', () => {
  const secret = anExecution({ workflowId: 'customer-4711', runId: 'run-4711' });
  const report = aReport({
    listed: [secret],
    outcomes: outcomesFor([secret], 'nondeterministic'),
    findings: [aFinding({ executions: [secret] })],
  });
  const shown = (showWorkflowIds: SummaryOptions['showWorkflowIds']): string =>
    renderSummary(report, { ...OPTIONS, showWorkflowIds });

  test('are shown where they may be', () => {
    expect(shown('true')).toContain('customer&#45;4711');
  });

  test.each(['hash', 'false'] as const)('are not shown with %s, nor are run IDs', (show) => {
    expect(shown(show)).not.toContain('4711');
  });

  test('can be found again by their hash', () => {
    expect(shown('hash')).toContain('&#35;85d0c1e31815');
  });
});

describe('an unmanageable number of things', () => {
  test('names three executions of a finding and counts the others', () => {
    const hit = [...executions(40), aClosedExecution()];
    const text = renderSummary(aReport({ findings: [aFinding({ executions: hit })] }), OPTIONS);
    expect(text).toContain('41 executions, 40 of them running');
    expect(text).toContain('and 38 more');
  });

  test('shows thirty rows of a table and counts the others', () => {
    const listed = Array.from({ length: 45 }, (_, index) =>
      anExecution({ workflowType: `type${index}` }),
    );
    const text = renderSummary(aReport({ listed }), OPTIONS);
    expect(text.match(/\| type\d+ \|/gu)).toHaveLength(30);
    expect(text).toContain('… 15 more');
  });

  test('stays below what GitHub takes, keeps the verdict, and says what is missing', () => {
    const findings = Array.from({ length: 2000 }, (_, index) =>
      aFinding({
        workflowType: `type${index}`,
        headline: '<'.repeat(1000),
        weight: { kind: 'decisive', reason: 'it hits 1 running execution' },
      }),
    );
    const text = renderSummary(aReport({ findings }), OPTIONS);
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
    expect(Buffer.byteLength(text)).toBeGreaterThan(800 * 1024);
    expect(text).toMatch(/^## ❌ Incompatible\n/u);
    expect(text).toMatch(/… \d+ more sections did not fit/u);
  });
});

describe('what no replay looked at', () => {
  test('is listed by its reason', () => {
    const listed = executions(3);
    const outcomes = outcomesFor(listed, 'skipped').map((outcome) => ({
      ...outcome,
      message: 'it has completed no workflow task yet',
    }));
    expect(renderSummary(aReport({ listed, outcomes }), OPTIONS)).toContain(
      '- 3 × skipped: it has completed no workflow task yet',
    );
  });

  test('is counted where the budget ended', () => {
    const listed = executions(3);
    const outcomes = outcomesFor(listed.slice(1), 'passed');
    expect(renderSummary(aReport({ listed, outcomes }), OPTIONS)).toContain(
      '- 1 matching execution was not replayed',
    );
  });

  test('is not mentioned where nothing was left out', () => {
    expect(renderSummary(REPORTS['compatible'], OPTIONS)).not.toContain('left out');
  });
});

describe('of one of several reports that share a summary', () => {
  test('names the pull requests whose claim it is about', () => {
    expect(renderSummary(aReport({ pullRequests: [7, 9] }), OPTIONS)).toContain(
      '| Pull requests | #7, #9 |',
    );
  });

  test('takes no more than its part of the room', () => {
    const findings = Array.from({ length: 3000 }, () => aFinding());
    const report = aReport({ findings });
    const alone = Buffer.byteLength(renderSummary(report, OPTIONS));
    const shared = Buffer.byteLength(renderSummary(report, { ...OPTIONS, reports: 3 }));
    expect(alone).toBeGreaterThan(800 * 1024);
    expect(shared * 3).toBeLessThan(1024 * 1024);
  });
});
