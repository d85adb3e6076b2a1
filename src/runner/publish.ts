import * as core from '@actions/core';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { ENGINES } from '../machine/engines.js';
import type { GitHubContext } from '../github/context.js';
import type { Settings } from '../model/settings.js';
import type { Report } from '../model/report.js';
import { renderAnnotations, type Annotation } from '../report/annotations.js';
import { concealWorkflowIds } from '../report/conceal-workflow-ids.js';
import { leftOutLines } from '../report/left-out.js';
import { renderJsonReport } from '../report/json-report.js';
import { outcomeWords, pullRequestWords, verdictTitle } from '../report/verdict-title.js';
import { renderOutputs } from '../report/outputs.js';
import type { CommentOptions } from '../report/comment.js';
import type { FindingOptions } from '../report/finding-section.js';
import { renderSummary } from '../report/summary.js';
import { logLine } from '../untrusted/log-line.js';
import { combine } from '../verdict/combine.js';
import { logStack } from './runner.js';
import { writeOutputs } from './write-outputs.js';
import { appendWhole, writeWhole } from '../files/write-whole.js';

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
  let reportPath: string | undefined;
  for (const [index, report] of inOrder.entries()) {
    const json = renderJsonReport(report, showWorkflowIds, ENGINES[engine].reader);
    const isThere = writeReport(numbered(own, index), json);
    if (index === 0 && isThere) reportPath = own;
    for (const path of reporting.reports) writeReport(numbered(path, index), json);
  }

  // Outputs come before the step fails, so that later steps can read them.
  writeOutputs(renderOutputs(worst, { showWorkflowIds, reportPath }));

  const optionsOf = (report: Report): FindingOptions => ({
    showWorkflowIds,
    uiUrl: reporting.uiUrl,
    blobUrl: blobUrl(context, report.commit),
    baselineBlobUrl: blobUrl(context, report.baseline?.commit),
    docsUrl: docsUrl(context.serverUrl),
  });
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

/** `report.json`, then `report-2.json`, `report-3.json`. */
function numbered(path: string, index: number): string {
  if (index === 0) return path;
  const { dir, name, ext } = parse(path);
  return join(dir, `${name}-${index + 1}${ext}`);
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

/** A report that cannot be written is told once, and the verdict stands. @returns whether it is written */
function writeReport(path: string, content: string): boolean {
  try {
    writeWhole(path, content);
    return true;
  } catch (error) {
    core.warning(logLine(`The report ${path} cannot be written: ${(error as Error).message}`));
    return false;
  }
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
