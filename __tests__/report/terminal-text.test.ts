import { describe, expect, test } from '@jest/globals';
import { renderTerminalText } from '../../src/report/terminal-text.js';
import { executions } from '../builders/executions.js';
import { aFinding } from '../builders/findings.js';
import { outcomesFor } from '../builders/outcomes.js';
import { aReport } from '../builders/reports.js';
import { expectGolden } from '../builders/golden.js';
import { REPORTS } from './summary-reports.js';

const reports = Object.entries(REPORTS);

describe('a terminal', () => {
  test.each(reports)('points to no job summary and says nothing twice: %s', (name, report) => {
    const text = renderTerminalText(report, 'true');
    expect(text).not.toContain('job summary');
    const lines = text.split('\n').filter((line) => line !== '');
    expect(new Set(lines).size).toBe(lines.length);
    const { summary } = report.verdict;
    expect(text.split(summary)).toHaveLength(2);
    expectGolden(`terminal/${name}.txt`, `${text}\n`);
  });

  test('says how a title that is no claim is to be written', () => {
    const [, report] = reports.find(([name]) => name === 'inconclusive-malformed-claim') ?? [];
    if (report === undefined) throw new Error('there is no such report');
    expect(renderTerminalText(report, 'true')).toContain('To fix:');
  });

  test('shows all findings, where a runner keeps ten', () => {
    const findings = Array.from({ length: 15 }, (_, index) =>
      aFinding({ headline: `cause ${index}` }),
    );
    const text = renderTerminalText(aReport({ findings }), 'true');
    expect(text.match(/^error: /gmu)).toHaveLength(15);
  });

  test('says why executions were left out, by the reason', () => {
    const of = (count: number, kind: 'errored' | 'skipped', message: string) =>
      outcomesFor(executions(count), kind).map((outcome) => ({ ...outcome, message }));
    const outcomes = [
      ...of(5, 'skipped', 'no task yet'),
      ...of(1, 'errored', 'decoded \u001b[31m'),
    ];
    const text = renderTerminalText(
      aReport({ outcomes, warnings: ['1 execution could not be judged.'] }),
      'true',
    );
    expect(text).toMatch(/^5 skipped: no task yet \(.+, .+, .+, and 2 more\)$/mu);
    expect(text).toMatch(/^1 errored: decoded .+ \(.+\)$/mu);
    expect(text).not.toContain('\u001b');
    expect(text).not.toContain('could not be judged');
  });

  test('does not run over with reasons, and names nobody where IDs are not shown', () => {
    const outcomes = outcomesFor(executions(30), 'errored').map((outcome, index) => ({
      ...outcome,
      message: `reason ${index}`,
    }));
    const text = renderTerminalText(aReport({ outcomes }), 'false');
    expect(text.match(/^1 errored: reason \d+$/gmu)).toHaveLength(10);
    expect(text).toContain('20 more reasons');
  });
});
