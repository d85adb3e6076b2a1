import * as core from '@actions/core';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, parse } from 'node:path';
import { runGate } from './gate.js';
import { headCommit } from './github/checkout.js';
import { readGitHubContext, type GitHubContext } from './github/context.js';
import { subjectsOf } from './github/subjects.js';
import { INPUT_NAMES, SECRET_INPUTS } from './inputs/raw-inputs.js';
import { readSettings } from './inputs/read-settings.js';
import type { Settings } from './inputs/settings.js';
import type { SubjectParts } from './gate-parts.js';
import { describeProblem, UserError } from './model/user-error.js';
import type { Report } from './model/report.js';
import { nodeParts } from './node-parts.js';
import { endAllReplayers, killAllReplayers } from './replay/replayer-process.js';
import { renderAnnotations, type Annotation } from './report/annotations.js';
import { concealWorkflowIds } from './report/conceal-workflow-ids.js';
import { renderJsonReport } from './report/json-report.js';
import { outcomeWords, pullRequestWords, verdictTitle } from './report/names.js';
import { renderOutputs } from './report/outputs.js';
import { renderSummary } from './report/summary.js';
import { logLine } from './untrusted/log-line.js';
import { combine } from './verdict/combine.js';

/**
 * The runner's side: environment in; annotations, outputs, summary and exit code out. The exit code is
 * 1 until the very end, and only a verdict that passes sets it to 0.
 */
export async function runAction(replayersFolder: string): Promise<void> {
  const cancelled = cancellation();
  try {
    maskSecrets();
    const context = readGitHubContext(process.env);
    const workspace = process.env['GITHUB_WORKSPACE'] ?? process.cwd();
    const settings = readSettings({
      read: (name) => process.env[`INPUT_${name.toUpperCase()}`],
      variables: process.env,
      workspace,
      now: new Date(),
    });
    const reports = await check(settings, context, replayersFolder, cancelled);
    await publish(reports, settings, context);
    if (combine(reports).passes) process.exitCode = 0;
  } catch (error) {
    core.error(logLine(error instanceof UserError ? describeProblem(error) : String(error)), {
      title: 'Temporal replay: the check could not run',
    });
    core.setOutput('verdict', 'inconclusive');
    core.setOutput('reason', 'error');
    if (!(error instanceof UserError)) logStack(error);
  } finally {
    await endAllReplayers();
  }
}

type Reports = readonly [Report, ...Report[]];

/** One report, or of a merge group one for each claim in it. */
async function check(
  settings: Settings,
  context: GitHubContext,
  replayersFolder: string,
  cancelled: AbortSignal,
): Promise<Reports> {
  const commit = await headCommit(settings.workspace);
  const [first, ...others] = await subjectsOf(
    {
      context,
      title: settings.title,
      claimsBuildId: settings.buildId !== undefined,
      token: settings.githubToken,
      commit,
      signal: cancelled,
    },
    settings.claimPosition,
  );
  const run = (subject: SubjectParts): Promise<Report> =>
    runGate(
      settings,
      nodeParts({
        settings,
        subject: {
          ...subject,
          recheckSubject: async (read) =>
            (await recheckCheckout(settings, commit)) ?? subject.recheckSubject(read),
        },
        environment: process.env,
        replayersFolder,
        cancelled,
        progress: progressLines(),
      }),
    );
  const reports: [Report, ...Report[]] = [await run(first)];
  // One after the other: each is paced for the server as if it were alone.
  for (const subject of others) reports.push(await run(subject));
  return reports;
}

/** Code under test runs beside the checkout: the report must still be about the commit that it names. */
async function recheckCheckout(settings: Settings, commit: string | undefined) {
  const now = await headCommit(settings.workspace);
  return now === commit
    ? undefined
    : ({ reason: 'moved', summary: "The checkout's HEAD changed while the check ran." } as const);
}

async function publish(found: Reports, settings: Settings, context: GitHubContext): Promise<void> {
  const showWorkflowIds =
    settings.reporting.showWorkflowIds ?? (context.isPublic ? 'hash' : 'true');
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
  }
  for (const annotation of renderAnnotations(reports, { showWorkflowIds })) annotate(annotation);

  // Where there is room for one report, it is the worst; the others lie beside it.
  const { worst } = combine(reports);
  const inOrder = [worst, ...reports.filter((report) => report !== worst)];
  const own = join(
    process.env['RUNNER_TEMP'] ?? tmpdir(),
    `temporal-replay-report-${process.pid}.json`,
  );
  for (const [index, report] of inOrder.entries()) {
    const json = renderJsonReport(report, showWorkflowIds);
    writeFileSync(numbered(own, index), json);
    for (const path of settings.reporting.reports) writeReport(numbered(path, index), json);
  }

  // Outputs come before the step fails, so that later steps can read them.
  const outputs = renderOutputs(worst, { showWorkflowIds, reportPath: own });
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);

  if (process.env['GITHUB_STEP_SUMMARY']) {
    for (const report of inOrder) {
      core.summary.addRaw(
        renderSummary(report, {
          showWorkflowIds,
          blobUrl: blobUrl(context, report.commit),
          baselineBlobUrl: blobUrl(context, report.baseline?.commit),
          docsUrl: docsUrl(context.serverUrl),
          reports: inOrder.length,
        }),
      );
    }
    await core.summary.write();
  }
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

/** The documents of the release that runs, where the runner says which repository it came from. */
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

function writeReport(path: string, content: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  } catch (error) {
    // The verdict stands; a report that cannot be written is said once.
    core.warning(logLine(`The report ${path} cannot be written: ${(error as Error).message}`));
  }
}

/** Masks what could be a credential line by line: the runner masks only what it is told. */
function maskSecrets(): void {
  for (const name of INPUT_NAMES.filter((candidate) => SECRET_INPUTS.includes(candidate))) {
    const value = process.env[`INPUT_${name.toUpperCase()}`] ?? '';
    for (const line of value.split(/\r?\n|\\n/u)) {
      // The frame of a PEM text is no secret, and masking it would blacken the log.
      if (line.trim().length >= 8 && !line.includes('-----')) core.setSecret(line.trim());
    }
  }
}

/** A signal that is aborted when the runner cancels the job: SIGINT first, then SIGTERM, then the end. */
function cancellation(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => controller.abort(new Error(`the job was cancelled (${signal})`)));
  }
  // Whatever ends us, no replay process stays behind.
  process.on('exit', killAllReplayers);
  return controller.signal;
}

/** A line at most every five seconds, so that a long run shows that it lives. */
function progressLines(): (done: number, of: number) => void {
  let last = Date.now();
  return (done, of) => {
    if (Date.now() - last < 5000) return;
    last = Date.now();
    core.info(`Replayed ${done} of ${of}`);
  };
}

function logStack(error: unknown): void {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  for (const line of stack.split('\n')) core.info(logLine(line));
}
