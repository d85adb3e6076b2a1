import type { Report } from '../model/report.js';
import { isolationWords } from '../model/isolation-words.js';
import { markdownCode, markdownText } from '../untrusted/markdown.js';
import { effortWords, sampleWords } from './estimate-words.js';
import { folded } from './folded.js';
import { autoWords, targetWords } from './target-words.js';
import { outcomeWords, pullRequestWords } from './verdict-title.js';

const CLAIM_LABELS = {
  title: 'Claim',
  'build-id': 'Build ID',
  'on-no-claim': 'No claim, checked against the current build',
} as const;

/** What was checked, against what, when and with what; folded. */
export function factsSection(report: Report): string {
  const what =
    report.target === undefined
      ? 'What was checked'
      : `Checked: ${report.coverage.matched} executions`;
  const rows = factRows(report).map(([name, value]) => `| ${name} | ${value} |`);
  return folded(`${what}, as of ${report.asOf}`, ['| | |', '| --- | --- |', ...rows].join('\n'));
}

function factRows(report: Report): [string, string][] {
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
  if (estimate !== undefined) rows.push(['Drawn by chance', sampleWords(estimate)]);
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
  return rows;
}
