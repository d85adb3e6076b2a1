import type { Cause } from '../model/cause.js';
import { isOpen } from '../model/execution.js';
import { groupsOf, type Divergence, type Finding, type FindingGroup } from '../model/finding.js';
import { proofWords, unprovenWords } from '../model/proof.js';
import type { SourceLocation } from '../model/source-location.js';
import type { Report } from '../model/report.js';
import { markdownCode, markdownDiff, markdownFence, markdownText } from '../untrusted/markdown.js';
import { atHome } from './at-home.js';
import { baselineWords } from './baseline-words.js';
import { causeWords } from './cause-words.js';
import { historyWords, othersWords } from './divergence-words.js';
import { executionLink, type LinkOptions } from './execution-link.js';
import type { Part } from './fit.js';
import { folded } from './folded.js';
import { hitsWords, pinnedWords, typesOf } from './hits-words.js';
import { locationLink } from './location-link.js';
import { timelineTable, type TimelineOptions } from './timeline-table.js';

const MAX_NAMED_EXECUTIONS = 10;
const MAX_GROUPS = 10;

export interface FindingOptions extends LinkOptions, TimelineOptions {
  /** Folder of this action's own documents, with a slash at its end; undefined: pages are named only. */
  readonly docsUrl?: string | undefined;
}

/** What breaks, where, how many running executions, who caused it, and the fix; folded, what proves it. */
export function findingSection(finding: Finding, report: Report, options: FindingOptions): Part {
  const { weight, divergence, baseline } = finding;
  const location = 'location' in divergence ? divergence.location : undefined;
  const mark = weight.kind === 'decisive' ? '❌' : '⚠️';
  const at = location === undefined ? '' : `, ${locationLink(location, options.blobUrl)}`;
  const types = typesOf(finding).map((type) => markdownText(type));
  const by = baseline === undefined ? '' : ` ${baselineWords(baseline.relation)}`;
  const notRed =
    weight.kind === 'decisive' ? '' : ` Not red, because ${markdownText(weight.reason)}.`;
  const short = [
    `### ${mark} ${types.join(', ')}: ${markdownText(causeWords(finding.cause))}${at}`,
    markdownText(finding.headline + othersWords(finding), 1500),
    `**${hitsWords(finding)}**${pinnedWords(finding)}${by}${notRed} ${causeLink(finding.cause, options)}`,
    ...linesTable(finding, options),
    `**What to do:** ${markdownText(finding.remedy, 1000)}`,
    ...fixParts(finding),
  ].join('\n\n');
  return { whole: `${short}\n\n${evidence(finding, report, options)}`, short };
}

/** The edit that is proven; without one, what to write in place of it. */
function fixParts({ fix, proof, editsTried, executions }: Finding): string[] {
  if (proof !== undefined) {
    const words = proofWords(proof, executions.length);
    return [`**${words}** ${NOT_THE_VERDICT}`, markdownDiff(proof.diff)];
  }
  return [
    ...(fix === undefined ? [] : [markdownFence(fix.code, fix.language)]),
    ...(editsTried === undefined ? [] : [unprovenWords(editsTried)]),
  ];
}

const NOT_THE_VERDICT = 'Review it as any change; types and tests were not checked.';

function causeLink(cause: Cause, { docsUrl }: FindingOptions): string {
  const page = `causes/${cause}.md`;
  return docsUrl === undefined
    ? `See docs/${page}.`
    : `<a href="${docsUrl}${page}">About this cause</a>`;
}

/** What history holds, beside the line of the baseline and that of this change. */
function linesTable(finding: Finding, options: FindingOptions): string[] {
  const { lines, baseline, divergence } = finding;
  if (lines === undefined) return [];
  const groups = groupsOf(finding).slice(0, MAX_GROUPS);
  const rows = groups.map((group) => {
    const label = groups.length === 1 ? 'History' : `History of ${countWords(group)}`;
    return `| ${label} | ${eventWords(group.divergence)} | ${markdownText(held(group.divergence), 200)} |`;
  });
  const line = (label: string, text: string, at: SourceLocation, blobUrl: string | undefined) =>
    `| ${label} | ${locationLink(at, blobUrl)} | ${markdownCode(text)} |`;
  if (lines.baseline !== undefined && baseline?.location !== undefined) {
    rows.push(line('Baseline', lines.baseline, baseline.location, options.baselineBlobUrl));
  }
  if (lines.code !== undefined && 'location' in divergence) {
    rows.push(line('This change', lines.code, divergence.location, options.blobUrl));
  }
  return [['| | Where | What |', '| --- | --- | --- |', ...rows].join('\n')];
}

function eventWords(divergence: Divergence): string {
  if ('event' in divergence) {
    return `event ${divergence.event.eventId}`;
  }
  return divergence.kind === 'extra-command' ? `event ${divergence.taskStartedEventId}` : '–';
}

function held(divergence: Divergence): string {
  return 'event' in divergence ? divergence.event.words : historyWords(divergence);
}

export function countWords({ executions }: Pick<FindingGroup, 'executions'>): string {
  return `${executions.length} ${executions.length === 1 ? 'execution' : 'executions'}`;
}

/** The executions, history beside the code, and the commands that show it on one's own machine. */
function evidence(finding: Finding, report: Report, options: FindingOptions): string {
  const { executions, groups = [] } = finding;
  const open = executions.filter(isOpen).length;
  const first = executions.find(isOpen) ?? executions[0];
  const commands =
    first === undefined
      ? undefined
      : atHome(first, report.target, report.claim, options.showWorkflowIds);
  return folded(
    `${countWords(finding)}, ${open} of them running; history beside the code; commands to see it at home`,
    [
      ...(groups.length === 0 ? [] : [groupsList(groups)]),
      ...executionsList(finding, report, options),
      ...timelineTable(finding, options),
      ...(commands === undefined ? [] : [markdownFence(commands, 'sh')]),
    ].join('\n\n'),
  );
}

function groupsList(groups: readonly FindingGroup[]): string {
  const shown = groups.slice(0, MAX_GROUPS).map((group) => {
    const open = group.executions.filter(isOpen).length;
    return (
      `- ${countWords(group)}, ${open} of them running (${markdownText(causeWords(group.cause))}): ` +
      markdownText(group.headline, 400)
    );
  });
  const more = groups.length - shown.length;
  const rest = more > 0 ? [`- … ${more} more groups`] : [];
  return ['It shows in several ways:', '', ...shown, ...rest].join('\n');
}

function executionsList(
  { executions }: Finding,
  { target }: Report,
  options: FindingOptions,
): string[] {
  if (options.showWorkflowIds === 'false') return [];
  const running = executions.filter(isOpen);
  const inOrder = [...running, ...executions.filter((one) => !isOpen(one))];
  const named = inOrder
    .slice(0, MAX_NAMED_EXECUTIONS)
    .map((execution) => `- ${executionLink(execution, target, options)} ${execution.status}`);
  const more = executions.length - named.length;
  return [['Executions:', '', ...named, ...(more > 0 ? [`- … and ${more} more`] : [])].join('\n')];
}
