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

/** Something that was checked, used or asked; its name is ours. */
export interface Fact {
  readonly name: string;
  readonly parts: readonly FactPart[];
}

/** `own`: words of ours. The others are untrusted; `code` is a name or a query, as a machine takes it. */
export type FactPart =
  { readonly own: string } | { readonly text: string } | { readonly code: string };

/** What was checked, against what, when and with what; folded. */
export function factsSection(report: Report): string {
  const rows = factsOf(report).map(
    ({ name, parts }) => `| ${name} | ${parts.map(markdownPart).join(', ')} |`,
  );
  return folded(
    `${checkedWords(report)}, as of ${report.asOf}`,
    ['| | |', '| --- | --- |', ...rows].join('\n'),
  );
}

function markdownPart(part: FactPart): string {
  if ('own' in part) return part.own;
  return 'code' in part ? markdownCode(part.code, 2000) : markdownText(part.text, 1000);
}

export function checkedWords({ target, coverage }: Report): string {
  return target === undefined ? 'What was checked' : `Checked: ${coverage.matched} executions`;
}

export function factsOf(report: Report): readonly Fact[] {
  const facts: Fact[] = [];
  const add = (name: string, ...parts: readonly FactPart[]): void => {
    facts.push({ name, parts });
  };
  const pullRequests = pullRequestWords(report);
  if (pullRequests !== undefined) add('Pull requests', { own: pullRequests });
  if (report.claim?.kind === 'claimed') {
    const { buildId, from } = report.claim;
    add(CLAIM_LABELS[from], { code: buildId });
  }
  if (report.target !== undefined) {
    add('Target', { text: targetWords(report.target) });
    const auto = autoWords(report.target);
    if (auto !== undefined) add('Versioning', { text: auto });
    if ('query' in report.target) add('Query', { code: report.target.query });
    add('Executions', { own: `${report.coverage.matched} matched, ${outcomeWords(report)}` });
  }
  const { estimate, effort } = report;
  if (estimate !== undefined) add('Drawn by chance', { own: sampleWords(estimate) });
  if (effort !== undefined) add('Asked of the server', { own: effortWords(effort) });
  add('As of', { own: report.asOf });
  if (report.commit !== undefined) add('Commit', { code: report.commit });
  if (report.replayer !== undefined) {
    const { language, sdkName, sdkVersion } = report.replayer;
    add('Replayed with', { text: `${sdkName} ${sdkVersion} (${language})` });
  }
  if (report.isolation !== undefined) add('Isolation', { text: isolationWords(report.isolation) });
  if (report.baseline !== undefined) {
    const { commit, replayer } = report.baseline;
    add(
      'Baseline',
      { code: commit },
      replayer === undefined
        ? { own: 'nothing to replay there' }
        : { text: `${replayer.sdkName} ${replayer.sdkVersion}` },
    );
  }
  return facts;
}
