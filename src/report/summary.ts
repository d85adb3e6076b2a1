import { waysOut } from '../claim/parse-claim.js';
import type { Report } from '../model/report.js';
import { markdownText } from '../untrusted/markdown.js';
import { coverageSection, groupsSection, leftOutSection } from './coverage-section.js';
import { driftSection } from './drift-section.js';
import { estimateWords } from './estimate-words.js';
import { factsSection } from './facts.js';
import { findingSection, type FindingOptions } from './finding-section.js';
import { fit, type Part } from './fit.js';
import { patchesSection } from './patches-section.js';
import { reachSection } from './reach-section.js';
import { verdictTitle } from './verdict-title.js';

/** GitHub refuses a whole job summary over 1 MiB. This leaves room for other steps' summaries. */
const MAX_SUMMARY_BYTES = 900 * 1024;

export interface SummaryOptions extends FindingOptions {
  /** Where several reports share one summary: how many. */
  readonly reports?: number;
}

/**
 * The job summary, in GitHub's Markdown: the verdict in a sentence, the findings, and folded all that is to look up. The
 * verdict stands first and survives any shortening.
 */
export function renderSummary(report: Report, options: SummaryOptions): string {
  const { verdict, estimate, findings, warnings, wayOut } = report;
  const head = [
    `## ${verdictTitle(report)}`,
    markdownText(verdict.summary, 2000),
    ...(verdict.reason === 'malformed-claim' ? [`To fix: ${markdownText(waysOut())}.`] : []),
    ...(estimate === undefined ? [] : [estimateWords(estimate)]),
    ...warnings.map((warning) => `> ⚠️ ${markdownText(warning, 1000)}`),
  ];
  const parts: Part[] = [
    ...findings.map((finding) => findingSection(finding, report, options)),
    ...[
      wayOut === undefined ? '' : markdownText(wayOut, 1000),
      reachSection(report, options),
      driftSection(report, options),
      patchesSection(report, options),
      factsSection(report),
      groupsSection(report),
      coverageSection(report),
      leftOutSection(report),
    ]
      .filter((part) => part !== '')
      .map((whole) => ({ whole })),
  ];
  return fit(head.join('\n\n'), parts, MAX_SUMMARY_BYTES / (options.reports ?? 1));
}
