import { waysOut } from '../claim/parse-claim.js';
import type { CoverageRow } from '../model/coverage.js';
import { isOpen } from '../model/execution.js';
import type { Cause } from '../model/cause.js';
import type { Finding } from '../model/finding.js';
import type { Report } from '../model/report.js';
import { markdownCode, markdownText } from '../untrusted/markdown.js';
import { driftSection } from './drift-section.js';
import { leftOutByReason } from './left-out.js';
import { locationLink } from './location-link.js';
import { patchesSection } from './patches-section.js';
import { reachSection } from './reach-section.js';
import { timelineTable } from './timeline-table.js';
import { executionName, type ShowWorkflowIds } from './workflow-ids.js';
import { groupWords } from './group-words.js';
import { causeWords } from './cause-words.js';
import { outcomeWords, pullRequestWords, verdictTitle } from './verdict-title.js';
import { autoWords, targetWords } from './target-words.js';
import { effortWords, estimateWords } from './estimate-words.js';
import { isolationWords } from '../model/isolation-words.js';

/** GitHub refuses a whole job summary over 1 MiB. This leaves room for other steps' summaries. */
const MAX_SUMMARY_BYTES = 900 * 1024;

const MAX_ROWS = 30;
const MAX_NAMED_EXECUTIONS = 3;

export interface SummaryOptions {
  readonly showWorkflowIds: ShowWorkflowIds;
  /** For example `https://github.com/OWNER/REPO/blob/SHA/`; undefined: locations are no links. */
  readonly blobUrl: string | undefined;
  /** The same for the baseline's commit. */
  readonly baselineBlobUrl?: string | undefined;
  /** Folder of this action's own documents, with a slash at its end; undefined: pages are named only. */
  readonly docsUrl?: string | undefined;
  /** Where several reports share one summary: how many. */
  readonly reports?: number;
}

/** The job summary, in GitHub's Markdown. The verdict stands first and survives any shortening. */
export function renderSummary(report: Report, options: SummaryOptions): string {
  const head = [
    `## ${verdictTitle(report)}`,
    markdownText(report.verdict.summary, 2000),
    ...(report.verdict.reason === 'malformed-claim' ? [`To fix: ${markdownText(waysOut())}.`] : []),
    ...factsTable(report),
    ...report.warnings.map((warning) => `> ⚠️ ${markdownText(warning, 1000)}`),
  ];
  const parts = [
    ...report.findings.map((finding) => findingSection(finding, options)),
    reachSection(report, options),
    driftSection(report, options),
    patchesSection(report, options),
    groupsSection(report),
    ...coverageSections(report),
    leftOutSection(report),
  ].filter((part) => part !== '');
  return fit(head.join('\n\n'), parts, MAX_SUMMARY_BYTES / (options.reports ?? 1));
}

const CLAIM_LABELS = {
  title: 'Claim',
  'build-id': 'Build ID',
  'on-no-claim': 'No claim, checked against the current build',
} as const;

function factsTable(report: Report): string[] {
  const rows: [string, string][] = [];
  const pullRequests = pullRequestWords(report);
  if (pullRequests !== undefined) rows.push(['Pull requests', pullRequests]);
  if (report.claim?.kind === 'claimed') {
    const { buildId, from } = report.claim;
    rows.push([CLAIM_LABELS[from], markdownCode(buildId)]);
  }
  if (report.target !== undefined) {
    rows.push(['Target', markdownText(targetWords(report.target), 1000)]);
    const auto = autoWords(report.target);
    if (auto !== undefined) rows.push(['Versioning', markdownText(auto)]);
    if ('query' in report.target) {
      rows.push(['Query', markdownCode(report.target.query, 2000)]);
    }
    rows.push(['Executions', `${report.coverage.matched} matched, ${outcomeWords(report)}`]);
  }
  const { estimate, effort } = report;
  if (estimate !== undefined) rows.push(['Estimate', estimateWords(estimate)]);
  if (effort !== undefined) rows.push(['Asked of the server', effortWords(effort)]);
  rows.push(['As of', report.asOf]);
  if (report.commit !== undefined) rows.push(['Commit', markdownCode(report.commit)]);
  if (report.replayer !== undefined) {
    const { language, sdkName, sdkVersion } = report.replayer;
    rows.push(['Replayed with', markdownText(`${sdkName} ${sdkVersion} (${language})`)]);
  }
  if (report.isolation !== undefined) {
    rows.push(['Isolation', markdownText(isolationWords(report.isolation))]);
  }
  if (report.baseline !== undefined) {
    const { commit, replayer } = report.baseline;
    rows.push([
      'Baseline',
      markdownCode(commit) +
        (replayer === undefined
          ? ', nothing to replay there'
          : markdownText(`, ${replayer.sdkName} ${replayer.sdkVersion}`)),
    ]);
  }
  return [
    ['| | |', '| --- | --- |', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n'),
  ];
}

function findingSection(finding: Finding, options: SummaryOptions): string {
  const { weight, divergence } = finding;
  const location = 'location' in divergence ? divergence.location : undefined;
  const mark = weight.kind === 'decisive' ? '❌' : '⚠️';
  const count = finding.executions.length;
  const open = finding.executions.filter(isOpen).length;
  const named = finding.executions
    .slice(0, MAX_NAMED_EXECUTIONS)
    .map(
      (execution) =>
        `${markdownCode(executionName(execution, options.showWorkflowIds))} ${execution.status}`,
    );
  const lines = [
    `### ${mark} ${markdownText(finding.workflowType)}: ${finding.outcome}`,
    markdownText(finding.headline, 1000),
    [
      `- **Cause:** ${causeLink(finding.cause, options)}`,
      location === undefined ? '' : `- **Where:** ${locationLink(location, options.blobUrl)}`,
      `- **Hits:** ${count} ${count === 1 ? 'execution' : 'executions'}, ${open} of them running` +
        (options.showWorkflowIds === 'false'
          ? ''
          : `: ${named.join(', ')}${count > named.length ? `, and ${count - named.length} more` : ''}`),
      `- **Weight:** ${weight.kind}, because ${markdownText(weight.reason)}`,
      `- **What to do:** ${markdownText(finding.remedy, 1000)}`,
    ]
      .filter((line) => line !== '')
      .join('\n'),
    ...timelineTable(finding, options),
  ];
  return lines.join('\n\n');
}

function causeLink(cause: Cause, { docsUrl }: SummaryOptions): string {
  const page = `causes/${cause}.md`;
  return docsUrl === undefined
    ? `${markdownText(causeWords(cause))}, see docs/${page}`
    : `<a href="${docsUrl}${page}">${markdownText(causeWords(cause))}</a>`;
}

/** Each group with its own numbers and its own query, also where it is empty. */
function groupsSection({ target, coverage }: Report): string {
  if (target?.kind !== 'worker-deployment') return '';
  const rows = target.groups.map(({ group, query }) => {
    const row = coverage.byGroup?.find(({ name }) => name === group);
    return (
      `| ${markdownText(groupWords(group))} | ${row?.replayed ?? 0} of ${row?.matched ?? 0} | ` +
      `${markdownCode(query, 2000)} |`
    );
  });
  return [
    '### Which executions',
    '',
    '| Group | Replayed of matched | Query |',
    '| --- | ---: | --- |',
    ...rows,
  ].join('\n');
}

function coverageSections(report: Report): string[] {
  const { coverage } = report;
  if (coverage.matched === 0) return [];
  return [
    '### What was replayed',
    coverageTable('Workflow type', coverage.byType),
    coverageTable('Status', coverage.byStatus),
    coverageTable('Newest build ID', coverage.byBuildId),
  ];
}

function coverageTable(title: string, rows: readonly CoverageRow[]): string {
  const shown = rows.slice(0, MAX_ROWS);
  return [
    `| ${title} | Running: replayed of matched | All: replayed of matched |`,
    '| --- | ---: | ---: |',
    ...shown.map(
      (row) =>
        `| ${markdownText(row.name)} | ${row.replayedOpen} of ${row.matchedOpen} | ${row.replayed} of ${row.matched} |`,
    ),
    ...(rows.length > shown.length ? [`| … ${rows.length - shown.length} more | | |`] : []),
  ].join('\n');
}

/** What was not judged, by reason, so that nobody takes silence for coverage. */
function leftOutSection(report: Report): string {
  const { outcomes, coverage } = report;
  const all = leftOutByReason(outcomes);
  const notReached = coverage.matched - outcomes.length;
  if (all.length === 0 && notReached <= 0) return '';
  const rows = all.slice(0, MAX_ROWS);
  return [
    '### What was left out',
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
  ].join('\n');
}

/** As many whole parts as fit, and how many do not. */
function fit(head: string, parts: readonly string[], maxBytes: number): string {
  let text = head;
  for (const [index, part] of parts.entries()) {
    const longer = `${text}\n\n${part}`;
    if (Buffer.byteLength(longer) > maxBytes) {
      return `${text}\n\n… ${parts.length - index} more sections did not fit into the summary; the JSON report holds everything.\n`;
    }
    text = longer;
  }
  return `${text}\n`;
}
