import * as core from '@actions/core';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GitHubContext } from '../github/context.js';
import type { Settings } from '../model/settings.js';
import type { Report } from '../model/report.js';
import { renderAnnotations, type Annotation } from '../report/annotations.js';
import { concealWorkflowIds } from '../report/conceal-workflow-ids.js';
import { leftOutLines } from '../report/left-out.js';
import { outcomeWords, pullRequestWords, verdictTitle } from '../report/verdict-title.js';
import { renderOutputs } from '../report/outputs.js';
import type { CommentOptions } from '../report/comment.js';
import type { FindingOptions } from '../report/finding-section.js';
import { renderSummary } from '../report/summary.js';
import { logLine } from '../untrusted/log-line.js';
import { combine } from '../verdict/combine.js';
import { logStack } from './runner.js';
import { writeOutputs } from './write-outputs.js';
import { writeReports } from './write-reports.js';
import { appendWhole } from '../files/write-whole.js';

export type Reports = readonly [Report, ...Report[]];

/** The report that speaks for all, without what is not to be shown, and how it is rendered. */
export interface Published {
  readonly worst: Report;
  readonly options: CommentOptions;
}

/** Log, annotations, report files, outputs and summary: everything that a run leaves except its exit code and its comment. */
export function publish(
  found: Reports,
  { reporting, engine }: Pick<Settings, 'reporting' | 'engine'>,
  context: GitHubContext,
): Published {
  const showWorkflowIds = reporting.showWorkflowIds ?? (context.isPublic ? 'hash' : 'true');
  const [first, ...others] = found;
  const conceal = (report: Report): Report => concealWorkflowIds(report, showWorkflowIds);
  const reports: Reports = [conceal(first), ...others.map(conceal)];
  for (const report of reports) {
    if (report.bug !== undefined) logStack(report.bug);
    const whose = pullRequestWords(report);
    core.info(
      `${verdictTitle(report)}${whose === undefined ? '' : ` (${whose})`}: ${logLine(report.verdict.summary)}`,
    );
    if (report.outcomes.length > 0) core.info(`Executions: ${outcomeWords(report)}`);
    for (const line of leftOutLines(report.outcomes, showWorkflowIds)) core.info(logLine(line));
  }
  for (const annotation of renderAnnotations(reports, { showWorkflowIds })) annotate(annotation);

  // The worst report speaks where there is room for one. Files for the others lie beside it.
  const { worst } = combine(reports);
  const inOrder = [worst, ...reports.filter((report) => report !== worst)];
  const own = join(
    process.env['RUNNER_TEMP'] ?? tmpdir(),
    `temporal-replay-report-${process.pid}.json`,
  );
  const optionsOf = (report: Report): FindingOptions => ({
    showWorkflowIds,
    uiUrl: reporting.uiUrl,
    blobUrl: blobUrl(context, report.commit),
    baselineBlobUrl: blobUrl(context, report.baseline?.commit),
    docsUrl: docsUrl(context.serverUrl),
  });
  const files = { paths: [own, ...reporting.reports], tell: core.warning };
  const written = inOrder.flatMap((report, index) =>
    writeReports(report, index, files, { engine }, optionsOf(report)),
  );
  const reportPath = written.includes(own) ? own : undefined;

  // Outputs come before the step fails, so that later steps can read them.
  writeOutputs(renderOutputs(worst, { showWorkflowIds, reportPath }));

  writeSummary(
    inOrder.map((report) =>
      renderSummary(report, { ...optionsOf(report), reports: inOrder.length }),
    ),
  );
  return { worst, options: { ...optionsOf(worst), runUrl: runUrl(context) } };
}

/** The page of this run, which has its summaries. */
function runUrl({ repository, serverUrl }: GitHubContext): string | undefined {
  const id = process.env['GITHUB_RUN_ID'] ?? '';
  return repository === undefined || !/^\d+$/u.test(id)
    ? undefined
    : `${serverUrl}/${repository.owner}/${repository.name}/actions/runs/${id}`;
}

function blobUrl(
  { repository, serverUrl }: GitHubContext,
  commit: string | undefined,
): string | undefined {
  return repository === undefined || commit === undefined
    ? undefined
    : `${serverUrl}/${repository.owner}/${repository.name}/blob/${commit}/`;
}

/** The docs of the running release; undefined where the runner does not name the action's repository. */
function docsUrl(serverUrl: string): string | undefined {
  const repository = process.env['GITHUB_ACTION_REPOSITORY'];
  const reference = process.env['GITHUB_ACTION_REF'];
  return repository !== undefined && /^[\w.-]+\/[\w.-]+$/u.test(repository) && reference
    ? `${serverUrl}/${repository}/blob/${encodeURIComponent(reference)}/docs/`
    : undefined;
}

function annotate(annotation: Annotation): void {
  const { location } = annotation;
  const properties = {
    title: annotation.title,
    ...(location === undefined ? {} : { file: location.file, startLine: location.line }),
    ...(location?.endLine === undefined ? {} : { endLine: location.endLine }),
    ...(location?.column === undefined ? {} : { startColumn: location.column }),
  };
  core[annotation.level](annotation.message, properties);
}

/** Appends to the job summary, where there is one. */
export function writeSummary(reports: readonly string[]): void {
  const path = process.env['GITHUB_STEP_SUMMARY'];
  if (!path) return;
  try {
    appendWhole(path, reports.join(''));
  } catch (error) {
    core.warning(logLine(`The job summary cannot be written: ${(error as Error).message}`));
  }
}
