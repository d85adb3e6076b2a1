import { parseArgs } from 'node:util';
import { waysOut } from '../claim/parse-claim.js';
import { ENGINES } from '../machine/engines.js';
import { runGate } from '../gate/gate.js';
import { headCommit } from '../files/head-commit.js';
import { INPUT_NAMES, type InputName } from '../inputs/raw-inputs.js';
import { readSettings } from '../inputs/read-settings.js';
import { describeProblem, UserError } from '../model/user-error.js';
import { deadlineOf } from '../pipeline/deadline.js';
import { nodeParts } from '../machine/gate-parts.js';
import { endAllReplayers, killAllReplayers } from '../replay/replayer-process.js';
import { concealWorkflowIds } from '../report/conceal-workflow-ids.js';
import { renderTerminalText } from '../report/terminal-text.js';
import { renderJsonReport } from '../report/json-report.js';
import { writeWhole } from '../files/write-whole.js';
import { readable } from '../untrusted/readable.js';

/** The check in a terminal: every input of the action is an option of the same name. */
export async function runCli(replayersFolder: string): Promise<void> {
  try {
    await runInTerminal(replayersFolder);
  } catch (error) {
    console.error(error instanceof UserError ? readable(describeProblem(error)) : error);
  } finally {
    await endAllReplayers();
  }
}

async function runInTerminal(replayersFolder: string): Promise<void> {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => controller.abort(new Error(signal)));
  }
  process.on('exit', killAllReplayers);

  const values = readOptions();
  if (values === undefined) return;
  const settings = readSettings({
    read: (name) => values[name],
    variables: process.env,
    workspace: process.cwd(),
    now: new Date(),
  });
  const { title = '' } = settings;
  if (settings.title === undefined && settings.buildId === undefined) {
    throw new UserError({
      found: 'No title is given',
      expected:
        '--title "[compatible-BUILD_ID] …", the title that the pull request will have, or --build-id',
      fix: waysOut(),
    });
  }
  const commit = await headCommit(settings.workspace);
  const found = await runGate(
    settings,
    nodeParts({
      settings,
      subject: {
        readSubject: () => Promise.resolve({ title, commit, acceptedCommits: 'any' }),
        checkSubject: () => Promise.resolve(undefined),
        recheckSubject: () => Promise.resolve(undefined),
      },
      environment: process.env,
      replayersFolder,
      cancelled: controller.signal,
      deadline: deadlineOf(settings.budget.timeBudgetMs, controller.signal),
      progress: () => undefined,
      say: (line) => console.log(readable(line)),
    }),
  );
  const { reader } = ENGINES[settings.engine];
  const showWorkflowIds = settings.reporting.showWorkflowIds ?? 'true';
  const report = concealWorkflowIds(found, showWorkflowIds);
  for (const path of settings.reporting.reports) {
    writeWhole(path, renderJsonReport(report, showWorkflowIds, reader));
  }
  console.log(renderTerminalText(report, showWorkflowIds));
  if (report.verdict.passes) process.exitCode = 0;
}

function readOptions(): Partial<Record<InputName, string>> | undefined {
  const options = Object.fromEntries(
    INPUT_NAMES.map((name) => [name, { type: 'string' as const }]),
  );
  try {
    const { values } = parseArgs({
      options: { ...options, help: { type: 'boolean' } },
      allowPositionals: false,
    });
    if (values['help'] === true) {
      console.log(
        `Usage: node dist/index.js --title "[compatible-BUILD_ID] …" [options]\n\n` +
          `Options, as in action.yml: ${INPUT_NAMES.map((name) => `--${name}`).join(', ')}`,
      );
      process.exitCode = 0;
      return undefined;
    }
    return values as Partial<Record<InputName, string>>;
  } catch (error) {
    throw new UserError(
      {
        found: (error as Error).message,
        expected: "options that are named as the action's inputs",
        fix: 'run with --help to see them',
      },
      { cause: error },
    );
  }
}
