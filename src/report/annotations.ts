import { waysOut } from '../claim/parse-claim.js';
import { isOpen } from '../model/execution.js';
import type { Finding } from '../model/finding.js';
import { type SourceLocation } from '../model/source-location.js';
import { toldDrift, type Drift } from '../model/drift.js';
import type { Report } from '../model/report.js';
import { sentence } from '../model/user-error.js';
import { readable, truncate } from '../untrusted/readable.js';
import { othersWords } from './divergence-words.js';
import { driftWords } from './drift-words.js';
import { baselineWords } from './baseline-words.js';
import { pullRequestWords } from './verdict-title.js';
import { hitsWords, pinnedWords, typesOf } from './hits-words.js';
import { rangeWords } from './reach-section.js';
import { executionName, type ShowWorkflowIds } from './workflow-ids.js';

/** The runner keeps ten of each level for a step and drops the rest silently. */
const MAX_PER_LEVEL = 10;

/** The runner cuts longer messages silently. */
const MAX_MESSAGE = 4096;

const MAX_NAMED_EXECUTIONS = 3;

const MAX_NAMED_DIFFERENCES = 5;

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  /** Paragraphs, with an empty line between them. */
  readonly message: string;
  readonly location?: SourceLocation & { readonly endLine?: number };
}

/** An annotation before it is made safe to show. */
export interface Draft extends Omit<Annotation, 'message'> {
  /** Three at most. */
  readonly paragraphs: readonly string[];
}

/** What the runner keeps of the annotations of a step's reports, which share its limits. */
export function renderAnnotations(
  reports: readonly Report[],
  options: { readonly showWorkflowIds: ShowWorkflowIds },
): Annotation[] {
  const all = reports.flatMap((report) => reportAnnotations(report, options));
  return (['error', 'warning', 'notice'] as const)
    .flatMap((level) => limited(all.filter((annotation) => annotation.level === level)))
    .map(({ paragraphs, ...annotation }) => ({
      ...annotation,
      title: truncate(readable(annotation.title), 250),
      message: truncate(paragraphs.map(readable).join('\n\n'), MAX_MESSAGE),
    }));
}

/** One annotation for each finding, the verdict where no finding tells it, and the warnings. */
function reportAnnotations(
  report: Report,
  options: { readonly showWorkflowIds: ShowWorkflowIds },
): Draft[] {
  const pullRequests = pullRequestWords(report);
  const about = pullRequests === undefined ? '' : ` (${pullRequests})`;
  return [...verdictAnnotation(report), ...annotationsBesideVerdict(report, options)].map(
    (annotation) => ({ ...annotation, title: annotation.title + about }),
  );
}

/** The verdict's sentence, and where a title is to be written otherwise, how. */
export function verdictWords({ verdict }: Report): string {
  return verdict.summary + (verdict.reason === 'malformed-claim' ? ` To fix: ${waysOut()}.` : '');
}

function verdictAnnotation(report: Report): Draft[] {
  const { verdict } = report;
  if (
    !verdict.passes &&
    (verdict.kind !== 'incompatible' || verdict.reason === 'drift' || report.findings.length === 0)
  ) {
    return [
      {
        level: 'error',
        title: `Temporal replay: ${verdict.kind} (${verdict.reason})`,
        paragraphs: [verdictWords(report)],
      },
    ];
  }
  return verdict.passes && verdict.kind === 'inconclusive' && verdict.warns === true
    ? [
        {
          level: 'warning',
          title: `Temporal replay: nothing confirmed (${verdict.reason})`,
          paragraphs: [verdict.summary],
        },
      ]
    : [];
}

/** All of them, and at their length: it is a runner that has limits. */
export function annotationsBesideVerdict(
  report: Report,
  options: { readonly showWorkflowIds: ShowWorkflowIds },
): Draft[] {
  const { verdict, wayOut } = report;
  const all: Draft[] = [];
  for (const [index, finding] of report.findings.entries()) {
    // The other way out is the same for all of them.
    const instead = index === 0 ? wayOut : undefined;
    all.push(findingAnnotation(finding, verdict.passes, options.showWorkflowIds, instead));
  }
  all.push(...driftAnnotations(report));
  for (const warning of report.warnings) {
    all.push({ level: 'warning', title: 'Temporal replay', paragraphs: [warning] });
  }
  for (const range of report.reach?.unreached ?? []) {
    all.push({
      level: 'notice',
      title: 'Temporal replay: no replayed history runs this',
      paragraphs: [
        `No replayed history runs ${rangeWords(range)}, so this check says nothing about the change here.`,
      ],
      location: { file: range.file, line: range.startLine, endLine: range.endLine },
    });
  }
  return all;
}

/** One for each line that drifts, however many of its fields differ. */
function driftAnnotations({ drift, verdict }: Report): Draft[] {
  if (drift === undefined || drift.policy === 'report') return [];
  const byPlace = new Map<string, [Drift, ...Drift[]]>();
  for (const one of toldDrift(drift)) {
    const { location, workflowTypes, kind, command } = one;
    const place = JSON.stringify([location?.file ?? workflowTypes, location?.line, kind, command]);
    const earlier = byPlace.get(place);
    if (earlier === undefined) byPlace.set(place, [one]);
    else earlier.push(one);
  }
  return [...byPlace.values()].map((drifts) => driftAnnotation(drifts, verdict));
}

function driftAnnotation(
  drifts: readonly [Drift, ...Drift[]],
  { reason, passes }: Report['verdict'],
): Draft {
  const [{ command, workflowTypes, location }] = drifts;
  const executions = Math.max(...drifts.map((one) => one.executions));
  return {
    level: reason === 'drift' && !passes ? 'error' : 'warning',
    title: 'Differs from history',
    paragraphs: [
      `Replay passes, and ${command} ${manner(drifts)}`,
      `Seen in ${executions} ${executions === 1 ? 'execution' : 'executions'} of ${workflowTypes.join(', ')}. ` +
        'If you do not mean this for executions that already run, put a patch around it.',
    ],
    ...(location === undefined ? {} : { location }),
  };
}

function manner(drifts: readonly [Drift, ...Drift[]]): string {
  const [first] = drifts;
  if (first.kind === 'command') return `is ${driftWords(first)}.`;
  const shown = drifts.slice(0, MAX_NAMED_DIFFERENCES).map(driftWords).join('; ');
  const more = drifts.length - MAX_NAMED_DIFFERENCES;
  return (
    `differs from history: ${shown}${more > 0 ? `; and ${more} more` : ''}. ` +
    'Commands that are already issued stay as they are; new ones are as the code says.'
  );
}

function findingAnnotation(
  finding: Finding,
  passes: boolean,
  show: ShowWorkflowIds,
  wayOut: string | undefined,
): Draft {
  const { divergence, weight, baseline } = finding;
  const location = 'location' in divergence ? divergence.location : undefined;
  const notRed = weight.kind === 'decisive' ? '' : ` Not red, because ${weight.reason}.`;
  const by = baseline === undefined ? '' : ` ${baselineWords(baseline.relation)}`;
  return {
    // Advice is green, and an error beside a green check would look like a fault of the check.
    level: weight.kind === 'decisive' && !passes ? 'error' : 'warning',
    title: findingTitle(finding),
    paragraphs: [
      sentence(finding.headline) + othersWords(finding),
      hitsWords(finding, typesOf(finding)) +
        namesOf(finding, show) +
        pinnedWords(finding) +
        by +
        notRed,
      finding.remedy + (wayOut === undefined ? '' : ` ${wayOut}`),
    ],
    ...(location === undefined ? {} : { location }),
  };
}

/** Some of the executions, the running ones first. */
function namesOf({ executions }: Finding, show: ShowWorkflowIds): string {
  if (show === 'false') return '';
  const inOrder = [...executions.filter(isOpen), ...executions.filter((one) => !isOpen(one))];
  const named = inOrder.slice(0, MAX_NAMED_EXECUTIONS).map((one) => executionName(one, show));
  const more = executions.length - named.length;
  return more > 0
    ? ` They are ${named.join(', ')} and ${more} more.`
    : ` ${named.length === 1 ? 'It is' : 'They are'} ${named.join(', ')}.`;
}

function findingTitle({ outcome, weight }: Finding): string {
  if (weight.kind === 'historical') return 'Not compatible with closed executions';
  if (weight.kind === 'pinned') return 'Not compatible with pinned executions';
  if (weight.kind === 'pre-existing') return 'Broken before this change';
  return outcome === 'nondeterministic'
    ? 'Not compatible with running executions'
    : 'Running executions would be stuck';
}

/** Keeps as many annotations as the runner keeps. The last one says how many are left out. */
function limited(annotations: Draft[]): Draft[] {
  if (annotations.length <= MAX_PER_LEVEL) return annotations;
  const kept = annotations.slice(0, MAX_PER_LEVEL - 1);
  const rest = annotations.length - kept.length;
  const level = annotations[0]?.level ?? 'notice';
  return [
    ...kept,
    {
      level,
      title: 'Temporal replay',
      paragraphs: [`${rest} more; the job summary lists all of them.`],
    },
  ];
}
