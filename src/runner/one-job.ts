import { advise } from '../gate/advise.js';
import { runGate } from '../gate/gate.js';
import type { SubjectParts } from '../gate/parts.js';
import { headCommit } from '../files/head-commit.js';
import { readGitHubContext, type GitHubContext } from '../github/context.js';
import { subjectsOf } from '../github/subjects.js';
import { SECRET_INPUTS } from '../inputs/raw-inputs.js';
import { readSettings } from '../inputs/read-settings.js';
import type { Settings } from '../model/settings.js';
import type { Report } from '../model/report.js';
import { deadlineOf } from '../pipeline/deadline.js';
import { adviceParts } from '../machine/advice-parts.js';
import { nodeParts } from '../machine/gate-parts.js';
import { describeUnknown, UserError } from '../model/user-error.js';
import { renderAdviceSummary } from '../report/advice-summary.js';
import { renderAdviceText } from '../report/advice-text.js';
import { PLAIN } from '../report/style.js';
import { endAllReplayers } from '../replay/replayer-process.js';
import { commentOn } from './comment.js';
import { suggestFixes } from './suggest.js';
import { publish, writeSummary, type Reports } from './publish.js';
import { subjectAt } from './subject-at.js';
import {
  cancellation,
  logStack,
  maskSecrets,
  progressLines,
  readInput,
  say,
  tellError,
  warn,
} from './runner.js';
import { outputsOfError } from './write-outputs.js';
import { combine } from '../verdict/combine.js';

/**
 * The check in one job: environment in; annotations, outputs, summary and exit code out. The exit code is
 * 1 until the very end, and only a verdict that passes sets it to 0.
 */
export async function runAction(replayersFolder: string): Promise<void> {
  const cancelled = cancellation();
  try {
    maskSecrets(SECRET_INPUTS);
    const context = readGitHubContext(process.env);
    const workspace = process.env['GITHUB_WORKSPACE'] ?? process.cwd();
    const settings = readSettings({
      read: readInput,
      variables: process.env,
      workspace,
      now: new Date(),
    });
    const reports = await check(settings, context, replayersFolder, cancelled);
    const { worst, options } = publish(reports, settings, context);
    await commentOn(worst, settings, context, options, cancelled);
    await suggestFixes(worst, settings, context, cancelled);
    if (settings.advice) await adviseToo(settings, replayersFolder, cancelled);
    if (combine(reports).passes) process.exitCode = 0;
  } catch (error) {
    tellError(error, 'Temporal replay: the check could not run');
    outputsOfError();
  } finally {
    await endAllReplayers();
  }
}

/** Says which claims would hold. The verdict is published already, and stands whatever comes of this. */
async function adviseToo(
  settings: Settings,
  replayersFolder: string,
  cancelled: AbortSignal,
): Promise<void> {
  try {
    const commit = await headCommit(settings.workspace);
    const advice = await advise(
      settings,
      adviceParts({
        settings,
        subject: subjectAt(commit),
        environment: process.env,
        replayersFolder,
        cancelled,
        deadline: deadlineOf(settings.budget.timeBudgetMs, cancelled),
        progress: progressLines(),
        say,
      }),
    );
    for (const line of renderAdviceText(advice, PLAIN).split('\n')) say(line);
    writeSummary([renderAdviceSummary(advice)]);
  } catch (error) {
    warn(`There is no advice: ${describeUnknown(error)}`);
    if (!(error instanceof UserError)) logStack(error);
  }
}

/** One report, or for a merge group one for each of its claims. */
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
  const deadline = deadlineOf(settings.budget.timeBudgetMs, cancelled, 1 + others.length);
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
        deadline,
        progress: progressLines(),
        say,
      }),
    );
  const reports: [Report, ...Report[]] = [await run(first)];
  // One after the other: each check paces its requests as if it were alone.
  for (const subject of others) reports.push(await run(subject));
  return reports;
}

/** Code under test can change the checkout: the report must still be about the commit that it names. */
async function recheckCheckout(settings: Settings, commit: string | undefined) {
  const now = await headCommit(settings.workspace);
  return now === commit
    ? undefined
    : ({ reason: 'moved', summary: "The checkout's HEAD changed while the check ran." } as const);
}
