import { describe, expect, test } from '@jest/globals';
import { renderAnnotations, type Annotation } from '../../src/report/annotations.js';
import type { Report } from '../../src/model/report.js';
import { aClosedExecution, anExecution, executions } from '../builders/executions.js';
import { aFinding, HISTORICAL } from '../builders/findings.js';
import { expectGolden } from '../builders/golden.js';
import { anOutcome, outcomesFor } from '../builders/outcomes.js';
import { anEarlyReport, aReport } from '../builders/reports.js';
import { hostileReport } from './hostile-report.js';
import { REPORTS } from './summary-reports.js';

const render = (report: Report, show: 'true' | 'hash' | 'false' = 'true'): Annotation[] =>
  renderAnnotations([report], { showWorkflowIds: show });

describe('the annotations, as people read them', () => {
  test.each(Object.entries(REPORTS))('%s', (name, report) => {
    const text = render(report)
      .map(({ level, title, message, location }) => {
        const place = location === undefined ? '' : ` at ${location.file}:${location.line}`;
        return `${level}${place}: ${title}\n    ${message.replace(/\n(?=.)/gu, '\n    ')}\n`;
      })
      .join('\n');
    expectGolden(`annotations/${name}.txt`, text === '' ? 'none\n' : text);
  });
});

describe('the level', () => {
  const levels = (report: Report): string[] => render(report).map(({ level }) => level);

  test('of a decisive finding is error', () => {
    expect(levels(aReport({ findings: [aFinding()] }))).toEqual(['error']);
  });

  test('of a historical finding is warning, and its message says why it is not red', () => {
    const closed = aClosedExecution();
    const [annotation] = render(
      aReport({
        listed: [closed],
        outcomes: outcomesFor([closed], 'nondeterministic'),
        findings: [aFinding({ executions: [closed], weight: HISTORICAL })],
      }),
    );
    expect(annotation?.level).toBe('warning');
    expect(annotation?.title).not.toContain('running');
    expect(annotation?.message).toContain(`Not red, because ${HISTORICAL.reason}.`);
  });

  test('of a red verdict that no finding tells is error', () => {
    expect(levels(REPORTS['inconclusive-errored'])).toEqual(['error', 'warning']);
  });

  test('of a verdict that confirms nothing and passes is warning', () => {
    expect(levels(REPORTS['inconclusive-empty-allowed'])).toEqual(['warning']);
  });

  test('of changed lines that no history runs is notice', () => {
    expect(levels(REPORTS.compatible)).toEqual(['notice', 'notice']);
    const [, several] = render(REPORTS.compatible);
    expect(several?.location).toEqual({ file: 'src/workflows/[refund].ts', line: 8, endLine: 13 });
  });

  test('there is none for not-claimed, and none for compatible where all is reached', () => {
    expect(levels(REPORTS['not-claimed'])).toEqual([]);
    const { reach: _, ...reached } = REPORTS.compatible;
    expect(levels(reached)).toEqual([]);
  });
});

test('a running execution that breaks without a finding is told by the verdict', () => {
  const broken = anExecution();
  const report = aReport({ listed: [broken], outcomes: [anOutcome('task-failed', broken)] });
  expect(render(report)).toMatchObject([
    { level: 'error', message: expect.stringContaining('could not find where they diverge') },
  ]);
});

test('a malformed claim is told with both ways out', () => {
  const [annotation] = render(REPORTS['inconclusive-malformed-claim']);
  expect(annotation?.message).toContain('To fix: write [compatible-BUILD_ID]');
  expect(annotation?.message).toContain('or remove the brackets');
});

test('a finding stands at its line, with its column', () => {
  expect(render(aReport({ findings: [aFinding()] }))[0]?.location).toEqual({
    file: 'src/workflows/order.ts',
    line: 17,
    column: 9,
  });
});

describe('workflow IDs', () => {
  const finding = aFinding({
    executions: [anExecution({ workflowId: 'customer-4711', runId: 'run-4711' }), ...executions(4)],
  });
  const message = (show: 'true' | 'hash' | 'false'): string =>
    render(aReport({ findings: [finding] }), show)[0]?.message ?? '';

  test('are shown where they may be, three of them, with the number of the others', () => {
    expect(message('true')).toContain('break. They are customer-4711 (run run-4711)');
    expect(message('true')).toContain('and 2 more.');
  });

  test('are hashed where they are not to be read', () => {
    expect(message('hash')).toContain('#85d0c1e31815');
    expect(message('hash')).not.toContain('4711');
  });

  test('are left out where nothing is to be shown', () => {
    expect(message('false')).toContain('\n\n5 running executions of orderWorkflow break.\n\n');
  });
});

describe('what the runner would drop silently', () => {
  const findings = (count: number) =>
    Array.from({ length: count }, (_, index) => aFinding({ workflowType: `type${index}` }));

  test('ten of a level are all there', () => {
    const rendered = render(aReport({ findings: findings(10) }));
    expect(rendered).toHaveLength(10);
    expect(rendered.at(-1)?.message).toContain('type9');
  });

  test('of eleven, nine are there and the tenth counts the others', () => {
    const rendered = render(aReport({ findings: findings(11) }));
    expect(rendered).toHaveLength(10);
    expect(rendered.at(-1)?.message).toBe('2 more; the job summary lists all of them.');
  });

  test('each level has its own ten', () => {
    const warnings = Array.from({ length: 30 }, (_, index) => `warning ${index}`);
    const rendered = render(aReport({ findings: findings(30), warnings }));
    expect(rendered.filter(({ level }) => level === 'error')).toHaveLength(10);
    expect(rendered.filter(({ level }) => level === 'warning')).toHaveLength(10);
  });

  test('the verdict is kept before all findings and warnings', () => {
    const warnings = Array.from({ length: 30 }, (_, index) => `warning ${index}`);
    const problem = { found: 'The server is gone' };
    expect(render(anEarlyReport({ problem, warnings }))[0]?.message).toContain('is gone');
  });

  test('a message is cut at 4,096 characters, with an ellipsis', () => {
    const [annotation] = render(aReport({ findings: [aFinding({ headline: 'x'.repeat(9000) })] }));
    expect(annotation?.message).toHaveLength(4096);
    expect(annotation?.message.endsWith('…')).toBe(true);
  });

  test('a message is still cut when its characters become longer in being made visible', () => {
    const headline = '\u200b'.repeat(4000);
    const [annotation] = render(aReport({ findings: [aFinding({ headline })] }));
    expect(annotation?.message.length).toBeLessThanOrEqual(4096);
  });

  test('a title is cut at 250 characters', () => {
    for (const { title } of render(hostileReport())) expect(title.length).toBeLessThanOrEqual(250);
  });
});

test('hostile names leave no line break of their own, control character or bidirectional mark', () => {
  for (const { title, message } of render(hostileReport())) {
    expect(title).not.toMatch(/\p{C}/u);
    const paragraphs = message.split('\n\n');
    expect(paragraphs.length).toBeLessThanOrEqual(3);
    expect(paragraphs.join(' ')).not.toMatch(/\p{C}/u);
  }
});

describe('of the reports of a merge group', () => {
  const found = (pullRequests: readonly number[], count: number): Report =>
    aReport({ pullRequests, findings: Array.from({ length: count }, () => aFinding()) });

  test('each title names the pull requests whose claim it is about', () => {
    const annotations = renderAnnotations([found([7, 9], 1), found([5], 1)], {
      showWorkflowIds: 'true',
    });
    expect(annotations.map(({ title }) => title)).toEqual([
      expect.stringMatching(/ \(#7, #9\)$/u),
      expect.stringMatching(/ \(#5\)$/u),
    ]);
  });

  test('no more are made than the runner keeps of one step, and the rest is counted', () => {
    const annotations = renderAnnotations([found([7], 8), found([5], 8)], {
      showWorkflowIds: 'true',
    });
    expect(annotations).toHaveLength(10);
    expect(annotations.at(-1)?.message).toBe('7 more; the job summary lists all of them.');
  });
});
