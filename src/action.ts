import * as core from '@actions/core';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runGate } from './gate.js';
import { headCommit } from './github/checkout.js';
import { readGitHubContext, type GitHubContext } from './github/context.js';
import { checkSubject, readSubject, recheckSubject } from './github/subject.js';
import { INPUT_NAMES, SECRET_INPUTS } from './inputs/raw-inputs.js';
import { readSettings } from './inputs/read-settings.js';
import type { Settings } from './inputs/settings.js';
import { describeProblem, UserError } from './model/user-error.js';
import type { Report } from './model/report.js';
import { nodeParts } from './node-parts.js';
import { endAllReplayers, killAllReplayers } from './replay/replayer-process.js';
import { renderAnnotations, type Annotation } from './report/annotations.js';
import { concealWorkflowIds } from './report/conceal-workflow-ids.js';
import { renderJsonReport } from './report/json-report.js';
import { outcomeWords, verdictTitle } from './report/names.js';
import { renderOutputs } from './report/outputs.js';
import { renderSummary } from './report/summary.js';
import { logLine } from './untrusted/log-line.js';

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
    const report = await check(settings, context, replayersFolder, cancelled);
    await publish(report, settings, context);
    if (report.verdict.passes) process.exitCode = 0;
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

async function check(
  settings: Settings,
  context: GitHubContext,
  replayersFolder: string,
  cancelled: AbortSignal,
): Promise<Report> {
  const source = {
    context,
    title: settings.title,
    claimsBuildId: settings.buildId !== undefined,
    token: settings.githubToken,
    commit: await headCommit(settings.workspace),
    signal: cancelled,
  };
  const parts = nodeParts({
    settings,
    subject: {
      readSubject: () => readSubject(source),
      checkSubject: (subject) => Promise.resolve(checkSubject(subject)),
      recheckSubject: async (subject) =>
        (await recheckCheckout(settings, source.commit)) ?? recheckSubject(source, subject),
    },
    environment: process.env,
    replayersFolder,
    cancelled,
    progress: progressLines(),
  });
  return runGate(settings, parts);
}

/** Code under test runs beside the checkout: the report must still be about the commit that it names. */
async function recheckCheckout(settings: Settings, commit: string | undefined) {
  const now = await headCommit(settings.workspace);
  return now === commit
    ? undefined
    : ({ reason: 'moved', summary: "The checkout's HEAD changed while the check ran." } as const);
}

async function publish(found: Report, settings: Settings, context: GitHubContext): Promise<void> {
  const showWorkflowIds =
    settings.reporting.showWorkflowIds ?? (context.isPublic ? 'hash' : 'true');
  const report = concealWorkflowIds(found, showWorkflowIds);
  if (report.bug !== undefined) logStack(report.bug);

  core.info(`${verdictTitle(report)}: ${logLine(report.verdict.summary)}`);
  if (report.outcomes.length > 0) core.info(`Executions: ${outcomeWords(report)}`);
  for (const annotation of renderAnnotations(report, { showWorkflowIds })) annotate(annotation);

  const json = renderJsonReport(report, showWorkflowIds);
  const own = join(
    process.env['RUNNER_TEMP'] ?? tmpdir(),
    `temporal-replay-report-${process.pid}.json`,
  );
  writeFileSync(own, json);
  for (const path of settings.reporting.reports) writeReport(path, json);

  // Outputs come before the step fails, so that later steps can read them.
  const outputs = renderOutputs(report, { showWorkflowIds, reportPath: own });
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);

  if (process.env['GITHUB_STEP_SUMMARY']) {
    const { repository, serverUrl } = context;
    const blobUrl =
      repository === undefined || report.commit === undefined
        ? undefined
        : `${serverUrl}/${repository.owner}/${repository.name}/blob/${report.commit}/`;
    core.summary.addRaw(renderSummary(report, { showWorkflowIds, blobUrl }));
    await core.summary.write();
  }
}

function annotate(annotation: Annotation): void {
  const { location } = annotation;
  const properties = {
    title: annotation.title,
    ...(location === undefined ? {} : { file: location.file, startLine: location.line }),
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
