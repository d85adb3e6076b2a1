import { waysOut } from '../claim/parse-claim.js';
import { headCommit } from '../files/head-commit.js';
import { runGate } from '../gate/gate.js';
import { ENGINES } from '../machine/engines.js';
import { historyParts, nodeParts } from '../machine/gate-parts.js';
import type { Report } from '../model/report.js';
import type { Settings } from '../model/settings.js';
import { deadlineOf } from '../pipeline/deadline.js';
import { concealWorkflowIds } from '../report/conceal-workflow-ids.js';
import { renderJsonReport } from '../report/json-report.js';
import { renderTerminalText } from '../report/terminal-text.js';
import { UsageError } from '../terminal/read-command.js';
import type { Session } from './session.js';
import { subjectAt } from './subject-at.js';
import { writeReports } from './write-reports.js';

/** Replays the executions of a claim, or history files. */
export async function check(session: Session): Promise<boolean> {
  const { asked, print } = session;
  const settings = await withClaim(session);
  const found = await checked(session, settings);
  const { reader } = ENGINES[settings.engine];
  const showWorkflowIds = settings.reporting.showWorkflowIds ?? 'true';
  const report = concealWorkflowIds(found, showWorkflowIds);
  const json = renderJsonReport(report, showWorkflowIds, reader);
  const options = { showWorkflowIds, uiUrl: settings.reporting.uiUrl, blobUrl: undefined };
  const files = { paths: settings.reporting.reports, tell: session.say };
  writeReports(report, 0, files, settings, options);
  print(asked.flags.has('json') ? json.trimEnd() : renderTerminalText(report, showWorkflowIds));
  if (found.bug !== undefined) console.error(found.bug);
  return report.verdict.passes;
}

async function checked(
  { progress, replayersFolder, environment, cancelled, say }: Session,
  settings: Settings,
): Promise<Report> {
  const { title = '', workspace, budget } = settings;
  const commit = await headCommit(workspace);
  return runGate(
    settings,
    nodeParts({
      settings,
      subject: subjectAt(commit, title),
      environment,
      replayersFolder,
      cancelled,
      deadline: deadlineOf(budget.timeBudgetMs, cancelled),
      progress: (done, of) => progress.show(`Replayed ${done} of ${of}`),
      say,
    }),
  );
}

/** Stands for a build ID where files are replayed and nothing is claimed of them. */
const RECORDED = 'recorded';

/** @throws UsageError where neither a title nor a build ID nor files say what to replay */
async function withClaim({ settings, asked, cancelled }: Session): Promise<Settings> {
  if (settings.title !== undefined || settings.buildId !== undefined) return settings;
  if (settings.source.kind === 'files') {
    // Which build is live decides what a closed execution predicts.
    if (asked.values.closed === undefined || asked.values.closed === 'fail') {
      return { ...settings, buildId: RECORDED };
    }
    throw new UsageError({
      found: `--closed is ${asked.values.closed}, and nothing says which build is live`,
      expected: '--title or --build-id with it',
      fix: 'add --build-id, or remove --closed',
    });
  }
  const histories = historyParts(settings, cancelled);
  const claimable = await histories.claimable().finally(histories.close);
  throw new UsageError({
    found: 'No title is given',
    expected:
      '--title "[compatible-BUILD_ID] …", the title that the pull request will have, --build-id, or --histories',
    fix: waysOut() + (claimable === '' ? '' : `. ${claimable}`),
  });
}
