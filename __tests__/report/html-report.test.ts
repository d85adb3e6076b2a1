import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import type { Finding } from '../../src/model/finding.js';
import { concealWorkflowIds } from '../../src/report/conceal-workflow-ids.js';
import { renderHtmlReport } from '../../src/report/html/page.js';
import { figure } from '../../testing/notes.js';
import { firstSeed, repeatWords } from '../../testing/seeds.js';
import { share } from '../../testing/tiers.js';
import { anExecution, executions } from '../builders/executions.js';
import { aFinding } from '../builders/findings.js';
import { expectGolden } from '../builders/golden.js';
import { anOutcome, outcomesFor } from '../builders/outcomes.js';
import { aReport } from '../builders/reports.js';
import { hostileText } from '../untrusted/hostile-text.js';
import { hostileReport, SHORT_HOSTILE } from './hostile-report.js';
import { skeleton } from './skeleton.js';
import { REPORTS } from './summary-reports.js';

const OPTIONS = {
  showWorkflowIds: 'true',
  blobUrl: 'https://github.com/acme/orders/blob/5a6b7c8d/',
} as const;

const render = (report: Parameters<typeof renderHtmlReport>[0]): string =>
  renderHtmlReport(report, OPTIONS);

/** The page as people read it: without its style and its script. */
function withoutLook(page: string): string {
  return page
    .replace(/<style>.*?<\/style>/su, '<style></style>')
    .replace(/<script>.*?<\/script>/su, '<script></script>')
    .replace(/sha256-[^&]*/gu, 'sha256-');
}

test.each(['one-cause-in-two-groups', 'compatible', 'inconclusive-error'] as const)(
  '%s, as people open it',
  (name) => {
    expectGolden(`html/${name}.html`, withoutLook(render(REPORTS[name])));
  },
);

test('with hostile names in every field', () => {
  expectGolden('html/hostile-names.html', withoutLook(render(hostileReport(SHORT_HOSTILE))));
});

describe('whatever the report', () => {
  const pages = Object.values(REPORTS).map(render);

  test('only its own style and script may be used, and nothing is loaded', () => {
    const hashOf = (text = ''): string =>
      `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    for (const page of pages) {
      const style = hashOf(/<style>(.*?)<\/style>/su.exec(page)?.[1]);
      const script = hashOf(/<script>(.*?)<\/script>/su.exec(page)?.[1]);
      expect(page.replaceAll('&#39;', "'")).toContain(
        `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${style}; ` +
          `script-src ${script}; base-uri 'none'; form-action 'none'"`,
      );
      expect(page).not.toMatch(/<[^>]*\s(?:src|srcset|style|on\w+)=|<link|@import|url\(/u);
    }
  });

  test('its links within lead somewhere, and no two places share a name', () => {
    for (const page of pages) {
      const ids = [...page.matchAll(/\sid="([^"]*)"/gu)].map(([, id = '']) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const [, id] of page.matchAll(/\shref="#([^"]*)"/gu)) expect(ids).toContain(id);
    }
  });

  test('it says what the summary says first', () => {
    for (const report of Object.values(REPORTS)) {
      const page = render(report);
      expect(page).toContain(report.verdict.passes ? 'The check is green' : 'The check is red');
      for (const { remedy } of report.findings) {
        expect(page).toContain(remedy.replaceAll("'", '&#39;').replaceAll('"', '&quot;'));
      }
    }
  });
});

describe('a timeline', () => {
  const steps = (count: number, agrees: boolean) =>
    Array.from({ length: count }, (_, index) => ({
      agrees,
      eventId: 5 + index,
      history: `${agrees ? 'earlier' : 'later'} step ${index + 1}`,
    }));

  const page = (changes: Partial<Finding>): string => {
    const finding = aFinding(changes);
    return render(
      aReport({
        listed: finding.executions,
        outcomes: outcomesFor(finding.executions, 'nondeterministic'),
        findings: [finding],
      }),
    );
  };

  test('shows the steps near the place where both part, with their lines, and folds the others', () => {
    const html = page({
      timeline: [
        ...steps(300, true),
        {
          agrees: false,
          eventId: 700,
          history: 'activity charge',
          code: {
            words: 'a timer',
            location: { file: 'src/order.ts', line: 17 },
            source: 'await sleep(1000);',
          },
          baseline: {
            words: 'activity charge',
            location: { file: 'src/order.ts', line: 16 },
            source: 'await charge(order);',
          },
        },
        ...steps(8, false),
      ],
    });
    expect(html).toContain('<summary>295 steps before, which agree</summary>');
    expect(html).toContain('The 200 nearest ones; the JSON report has all.');
    expect(html).toContain('<summary>3 steps that history holds after it</summary>');
    expect(html).not.toContain('earlier step 95<');
    for (const words of ['await sleep(1000);', 'await charge(order);']) {
      expect(html).toContain(`<code class="source">${words}</code>`);
    }
    expect(html.match(/<tr role="row" class="diverges">/gu)).toHaveLength(1);
  });

  test('is one step where no replay was recorded, with the line of the finding', () => {
    const html = page({ lines: { code: 'await sleep(1000);' } });
    expect(html).toContain('src/workflows/order.ts:17');
    expect(html).toContain('<code class="source">await sleep(1000);</code>');
    expect(html.match(/<tr role="row" class="diverges">/gu)).toHaveLength(1);
  });
});

test('a page of very many executions is bounded, says so, and names first what breaks', () => {
  const many = executions(3_000);
  const broken = anExecution({ workflowId: 'the-broken-one' });
  const page = render(
    aReport({
      listed: [...many, broken],
      outcomes: [...outcomesFor(many, 'passed'), anOutcome('task-failed', broken)],
    }),
  );
  expect(page).toContain('The first 2000 of 3001; the JSON report has all.');
  expect(page.indexOf('the-broken-one')).toBeLessThan(page.indexOf(many[0]?.workflowId ?? ''));
});

test.each(['hash', 'false'] as const)('IDs are nowhere with show-workflow-ids: %s', (show) => {
  const secret = anExecution({ workflowId: 'customer-4711', runId: 'run-4711' });
  const report = aReport({
    listed: [secret],
    outcomes: [anOutcome('nondeterministic', secret, { message: 'of customer-4711' })],
    findings: [
      aFinding({
        executions: [secret],
        headline: 'of customer-4711',
        timeline: [
          {
            agrees: false,
            history: 'child customer-4711',
            code: { words: 'child customer-4711', source: "start('customer-4711')" },
          },
        ],
      }),
    ],
  });
  const page = renderHtmlReport(concealWorkflowIds(report, show), {
    ...OPTIONS,
    showWorkflowIds: show,
  });
  expect(page).not.toContain('4711');
  expect(page).toContain(show === 'hash' ? '#85d0c1e31815' : 'an execution');
});

test('no name changes what the page is', () => {
  const seed = firstSeed();
  const runs = share({ fast: 150, middle: 500, trust: 5_000 });
  const harmless = skeleton(render(hostileReport('harmless')));
  fc.assert(
    fc.property(hostileText, (name) => {
      const page = render(hostileReport(name));
      expect(skeleton(page)).toEqual(harmless);
      expect(page).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
    }),
    { numRuns: runs, seed },
  );
  figure('injection: HTML reports', `${runs} names, ${repeatWords(seed)}; 0 breaches`);
});
