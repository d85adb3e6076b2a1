import type { CoverageRow } from '../model/coverage.js';
import type { Report } from '../model/report.js';
import { executionGroups } from '../model/target.js';
import { markdownCode, markdownText } from '../untrusted/markdown.js';
import { folded } from './folded.js';
import { groupWords } from './group-words.js';
import { leftOutByReason } from './left-out.js';

const MAX_ROWS = 30;

/** How many of the matching executions were replayed, by type, status and build; folded. */
export function coverageSection({ coverage }: Report): string {
  if (coverage.matched === 0) return '';
  const all = sum(coverage.byType);
  return folded(
    `Replayed: ${all.replayedOpen} of ${all.matchedOpen} running executions, ${all.replayed} of ${all.matched} in all`,
    [
      '| | Running: replayed of matched | All: replayed of matched |',
      '| --- | ---: | ---: |',
      ...rowsOf('Workflow type', coverage.byType),
      ...rowsOf('Status', coverage.byStatus),
      ...rowsOf('Newest build ID', coverage.byBuildId),
    ].join('\n'),
  );
}

function sum(rows: readonly CoverageRow[]): Omit<CoverageRow, 'name'> {
  const total = (of: (row: CoverageRow) => number): number =>
    rows.reduce((count, row) => count + of(row), 0);
  return {
    matched: total(({ matched }) => matched),
    matchedOpen: total(({ matchedOpen }) => matchedOpen),
    replayed: total(({ replayed }) => replayed),
    replayedOpen: total(({ replayedOpen }) => replayedOpen),
  };
}

function rowsOf(title: string, rows: readonly CoverageRow[]): string[] {
  const shown = rows.slice(0, MAX_ROWS);
  return [
    `| **${title}** | | |`,
    ...shown.map(
      (row) =>
        `| ${markdownText(row.name)} | ${row.replayedOpen} of ${row.matchedOpen} | ${row.replayed} of ${row.matched} |`,
    ),
    ...(rows.length > shown.length ? [`| … ${rows.length - shown.length} more | | |`] : []),
  ];
}

/** Each group with its own numbers and its own query, also where it is empty. */
export function groupsSection({ target, coverage }: Report): string {
  const groups = target === undefined ? [] : executionGroups(target);
  if (groups.length === 0) return '';
  const rows = groups.map(({ group, query }) => {
    const row = coverage.byGroup?.find(({ name }) => name === group);
    return (
      `| ${markdownText(groupWords(group))} | ${row?.replayed ?? 0} of ${row?.matched ?? 0} | ` +
      `${markdownCode(query, 2000)} |`
    );
  });
  return folded(
    'Which executions of the Worker Deployment count, with their queries',
    ['| Group | Replayed of matched | Query |', '| --- | ---: | --- |', ...rows].join('\n'),
  );
}

/** What was not judged, by reason, so that nobody takes silence for coverage. */
export function leftOutSection(report: Report): string {
  const { outcomes, coverage, verdict } = report;
  const all = leftOutByReason(outcomes);
  const notReached = coverage.matched - outcomes.length;
  if (all.length === 0 && notReached <= 0) return '';
  const rows = all.slice(0, MAX_ROWS);
  const count =
    all.reduce((total, { executions }) => total + executions.length, 0) + Math.max(notReached, 0);
  const title = `Left out: ${count} ${count === 1 ? 'execution' : 'executions'}`;
  // Where the check cannot confirm the claim, this may be why.
  return folded(
    title,
    [
      ...(notReached > 0
        ? [
            `- ${notReached} matching ${notReached === 1 ? 'execution was' : 'executions were'} not replayed: the budget ended, or others were chosen.`,
          ]
        : []),
      ...rows.map(
        ({ kind, reason, executions }) =>
          `- ${executions.length} × ${markdownText(`${kind}: ${reason}`, 400)}`,
      ),
      ...(all.length > rows.length ? [`- … ${all.length - rows.length} more reasons`] : []),
    ].join('\n'),
    !verdict.passes,
  );
}
