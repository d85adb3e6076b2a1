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
  const OWN =
    /<\/?code>|<a href="https:\/\/github\.com\/acme\/orders\/blob\/[^"<>\s]*">|<\/a>|<details(?: open)?>|<\/details>|<\/?summary>|\*\*(?=[\w .]+:?\*\*)|(?<=\*\*[\w .]+:?)\*\*/gu;

  /** The lines outside of fenced blocks: what is in those is shown as it is. */
  function outsideOfFences(text: string): string[] {
    const outside: string[] = [];
    let fence: string | undefined;
    for (const line of text.split('\n')) {
      if (fence !== undefined) fence = line === fence ? undefined : fence;
      else {
        fence = /^(`{3,})(?:ts|python|go|java|sh)$/u.exec(line)?.[1];
        if (fence === undefined) outside.push(line);
      }
    }
    expect(fence).toBeUndefined();
    return outside;
  }

  test('become no markup', () => {
    const lines = outsideOfFences(renderSummary(hostileReport(), OPTIONS));
    const own = lines.map((line) =>
      line
        .replace(OWN, '')
        .replace(/^(?:#{2,3} |> |- (?:\*\*[A-Z][a-z ]+:\*\* )?|\| --- .*$)/u, '')
        // A row of a table has as many cells as its author gave it.
        .replace(/^\| (?:[^|]*) (?:\| (?:[^|]*) ){1,3}\|$/u, (row) => row.replaceAll('|', ' ')),
    );
    for (const line of own.filter(
      (one) =>
        !/^\| \| (?:\||Where|Running)|^\| (?:Workflow type|Status|Newest build ID) \| \| \|$/u.test(
          one,
        ),
    )) {
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
  test('names ten executions of a finding and counts the others', () => {
    const hit = [...executions(40), aClosedExecution()];
    const text = renderSummary(aReport({ findings: [aFinding({ executions: hit })] }), OPTIONS);
    expect(text).toContain('41 executions, 40 of them running');
    expect(text).toContain('and 31 more');
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

describe('a green run', () => {
  /** Lines that a reader sees without opening anything. */
  const visible = (text: string): string[] =>
    text
      .replace(/<details><summary>(.*)<\/summary>[\s\S]*?<\/details>/gu, '▸ $1')
      .split('\n')
      .filter((line) => line !== '');

  test('is five lines', () => {
    const listed = executions(3);
    const report = aReport({ listed, outcomes: outcomesFor(listed, 'passed') });
    expect(visible(renderSummary(report, OPTIONS)).length).toBeLessThanOrEqual(5);
    for (const name of ['compatible', 'compatible-by-a-sample', 'not-claimed'] as const) {
      expect([name, visible(renderSummary(REPORTS[name], OPTIONS))]).toEqual([
        name,
        expect.arrayContaining([expect.stringMatching(/^## /u)]),
      ]);
      expect(visible(renderSummary(REPORTS[name], OPTIONS)).length).toBeLessThanOrEqual(6);
    }
  });
});

describe('a finding', () => {
  const text = (options: Partial<SummaryOptions> = {}): string =>
    renderSummary(REPORTS['one-cause-in-two-groups'], { ...OPTIONS, ...options });

  test('stands before all that is to look up', () => {
    const shown = text();
    expect(shown.indexOf('### ❌')).toBeLessThan(shown.indexOf('<details>'));
    expect(shown.indexOf('```ts')).toBeLessThan(shown.indexOf('<details>'));
  });

  test('links its executions to the UI of Temporal Cloud, where the server is there', () => {
    expect(text()).toContain(
      '<a href="https://cloud.temporal.io/namespaces/default/workflows/order-1/run-of-order-1/history">',
    );
  });

  test('links them to the UI that is set, and to none where no name may be shown', () => {
    const uiUrl = 'https://temporal.example.com';
    expect(text({ uiUrl })).toContain(`<a href="${uiUrl}/namespaces/default/workflows/order-1/`);
    expect(text({ uiUrl, showWorkflowIds: 'hash' })).not.toContain(uiUrl);
    expect(text({ uiUrl, showWorkflowIds: 'hash' })).not.toContain('order-1');
  });

  test('has no link where the server is elsewhere', () => {
    const report = aReport({ findings: [aFinding()] });
    expect(renderSummary(report, OPTIONS)).not.toContain('/workflows/order-');
  });

  test('has the commands that show it at home', () => {
    expect(text()).toContain(
      'temporal workflow show --address orders.a1b2c.tmprl.cloud:7233 --namespace default ' +
        '--workflow-id order-1 --run-id run-of-order-1 --output json > history.json',
    );
    expect(text({ showWorkflowIds: 'hash' })).toContain(
      '--workflow-id WORKFLOW_ID --run-id RUN_ID',
    );
  });

  test('leads to the page of its cause, at the release that runs', () => {
    expect(text({ docsUrl: 'https://github.com/org/replay-action/blob/v1/docs/' })).toContain(
      '<a href="https://github.com/org/replay-action/blob/v1/docs/causes/patch-removed.md">',
    );
  });

  test('says the other way out once, however many findings there are', () => {
    const wayOut = 'Or take the claim out of the title.';
    const report = aReport({ findings: [aFinding(), aFinding()], wayOut });
    expect(renderSummary(report, OPTIONS).split(wayOut)).toHaveLength(2);
  });

  test('keeps its fix where its proof does not fit', () => {
    const findings = Array.from({ length: 1500 }, () => aFinding({ headline: '<'.repeat(1000) }));
    const shown = renderSummary(aReport({ findings }), OPTIONS);
    expect(shown.split('**What to do:**').length).toBeGreaterThan(shown.split('<details>').length);
  });
});
