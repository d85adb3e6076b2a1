import { waysOut } from '../claim/parse-claim.js';
import type { Report } from '../model/report.js';
import { markdownText } from '../untrusted/markdown.js';
import { findingSection, type FindingOptions } from './finding-section.js';
import { fit, type Part } from './fit.js';
import { outcomeWords, verdictTitle } from './verdict-title.js';

/** GitHub refuses a comment of more than 65,536 characters. The rest is for the mark that it is found by. */
const MAX_COMMENT = 64_000;

export interface CommentOptions extends FindingOptions {
  /** The page of the run, with the summary. */
  readonly runUrl: string | undefined;
}

/** The report as a comment at the pull request: verdict, findings, fix, link. Where it is too long it loses the last ones. */
export function renderComment(report: Report, options: CommentOptions): string {
  const { verdict, findings, wayOut, commit } = report;
  const head = [
    `## ${verdictTitle(report)}`,
    markdownText(verdict.summary, 2000),
    ...(verdict.reason === 'malformed-claim' ? [`To fix: ${markdownText(waysOut())}.`] : []),
    lastLine(outcomeWords(report), commit, options),
  ].join('\n\n');
  const parts: Part[] = [
    ...findings.map((finding) => ({ whole: findingSection(finding, report, options).short ?? '' })),
    ...(wayOut === undefined ? [] : [{ whole: markdownText(wayOut, 1000) }]),
  ];
  return fit(head, parts, MAX_COMMENT);
}

function lastLine(
  outcomes: string,
  commit: string | undefined,
  { runUrl }: CommentOptions,
): string {
  const of = commit === undefined ? '' : `, commit ${markdownText(commit.slice(0, 12))}`;
  const all =
    runUrl === undefined ? 'The job summary has all of it.' : `<a href="${runUrl}">All of it</a>`;
  return `${outcomes}${of}. ${all}`;
}
