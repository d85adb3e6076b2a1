import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startCheck, type CheckOptions } from '../../testing/pull-request-check.js';
import { processesOf } from '../../testing/processes-of.js';
import { reportProblems } from '../../testing/report-schema.js';
import type { ActionResult, RunningAction } from '../../testing/run-action.js';
import { parseRunnerFile } from '../../testing/runner-files.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import type { Workspace } from '../../testing/workspace.js';

/** What `replayer.mjs` is told to do; see there. */
export interface ReplayerPlan {
  readonly breaks?: string;
  readonly fault?: { readonly kind: string; readonly step: string; readonly nth: number };
}

/** What a check finds when nothing is wrong on the way. */
export interface Truth {
  readonly matched: number;
  readonly passed: number;
}

export interface FaultedCheck {
  /** Where the executions are looked for: `address` and `task-queue`, or `histories`. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly replayer: ReplayerPlan;
  readonly env?: Readonly<Record<string, string>>;
  readonly prepare?: CheckOptions['prepare'];
  readonly node?: string;
  /** What is done to the action while it runs. */
  readonly disturb?: (running: RunningAction) => Promise<void>;
  /** What a verdict of `compatible` must have counted; undefined where the server lies about it. */
  readonly truth: Truth | undefined;
  /** Milliseconds in which it must end, whatever happens. */
  readonly limitMs: number;
}

export interface FaultedRun {
  /** What is wrong with what the run did; empty where it kept its promises. */
  readonly breaches: readonly string[];
  readonly verdict: string;
  readonly reason: string;
  readonly durationMs: number;
  /** What it counted; the Workflow IDs of what runs, of those that it names. */
  readonly truth: Truth;
  readonly running: readonly string[];
}

/** One line of the replayer's side file. */
interface Noted {
  readonly id?: string;
  readonly workflowId?: string;
  readonly outcome?: string;
}

/** Names of all outputs of a check that came to its end. */
const OUTPUTS = [
  ...[
    'verdict',
    'reason',
    'build-id',
    'target',
    'matched',
    'replayed',
    'passed',
    'nondeterministic',
  ],
  ...['task-failed', 'errored', 'skipped', 'gone', 'findings', 'report', 'claim-removed'],
];

/** Of one that could not run. */
const OUTPUTS_OF_ERROR = ['verdict', 'reason'];

/** Folders that a runner has, and the caller's. */
const EXPECTED_IN_RUNNER_TEMP = /^(?:_runner_file_commands|_github_workflow|home)$/u;

const NOTHING = {
  verdict: 'none',
  reason: 'none',
  truth: { matched: 0, passed: 0 },
  running: [],
} as const;

/** Runs the built action under some fault, and judges what it did by what its replayer really answered. */
export async function runFaulted(
  workspace: Pick<Workspace, 'path' | 'headSha' | 'baseSha'>,
  check: FaultedCheck,
): Promise<FaultedRun> {
  const own = await temporaryFolder('faulted');
  const temporary = join(own, 'tmp');
  await mkdir(temporary);
  const side = join(own, 'side.jsonl');
  const plan = join(own, 'plan.json');
  const reportPath = join(own, 'report.json');
  await writeFile(side, '');
  await writeFile(plan, JSON.stringify({ ...check.replayer, side }));
  const began = Date.now();
  const started = await startCheck(workspace, {
    title: '[compatible-v1.0] Keep to the promises',
    inputs: {
      language: 'command',
      workflows: `node --max-old-space-size=64 ${join(import.meta.dirname, 'replayer.mjs')} ${plan}`,
      'history-timeout': '1s',
      'replay-concurrency': '2',
      drift: 'off',
      'show-workflow-ids': 'true',
      reports: reportPath,
      ...check.inputs,
    },
    env: { TMPDIR: temporary, ...check.env },
    timeoutMs: check.limitMs,
    ...(check.node === undefined ? {} : { node: check.node }),
    ...(check.prepare === undefined ? {} : { prepare: check.prepare }),
  });
  const breaches: string[] = [];
  try {
    const disturbed = check.disturb?.(started.running);
    const result = await started.running.finished;
    await disturbed;
    breaches.push(
      ...breachesOfResult(result, check.env?.['GITHUB_OUTPUT']),
      ...breachesOfVerdict(result, notedIn(side), check),
      ...breachesOfReports(result, reportPath),
      ...readdirSync(temporary).map((name) => `a temporary file stayed: ${name}`),
      ...left(result.runnerTemp),
    );
    const { outputs, runnerTemp, durationMs } = result;
    const running = runningIn(reportPath);
    await rm(runnerTemp, { recursive: true, force: true });
    return {
      breaches,
      verdict: outputs['verdict'] ?? 'none',
      reason: outputs['reason'] ?? 'none',
      durationMs,
      truth: { matched: Number(outputs['matched']), passed: Number(outputs['passed']) },
      running,
    };
  } catch (error) {
    breaches.push((error as Error).message);
    const durationMs = Date.now() - began;
    return { ...NOTHING, breaches, durationMs };
  } finally {
    await started.stop();
    for (const pid of await processesOf(temporary)) breaches.push(`process ${pid} stayed`);
    await removeFolder(own);
  }
}

function notedIn(side: string): Noted[] {
  return readFileSync(side, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Noted);
}

function runningIn(reportPath: string): string[] {
  return outcomesIn(reportPath)
    .filter(({ kind, execution }) => kind === 'passed' && execution.status === 'Running')
    .map(({ execution }) => execution.workflowId);
}

interface ReportedOutcome {
  readonly kind: string;
  readonly execution: { readonly workflowId: string; readonly status: string };
}

/** None where the report is absent or in part, which is another breach. */
function outcomesIn(reportPath: string): readonly ReportedOutcome[] {
  if (!existsSync(reportPath)) return [];
  try {
    const { outcomes } = JSON.parse(readFileSync(reportPath, 'utf8')) as {
      outcomes: readonly ReportedOutcome[];
    };
    return outcomes;
  } catch {
    return [];
  }
}

/** Outputs are whole or absent, the summary is, and both say what the exit code says. */
function breachesOfResult(
  { outputs, exitCode, signal, summary, annotations }: ActionResult,
  elsewhere: string | undefined,
): string[] {
  const breaches: string[] = [];
  if (signal === 'SIGKILL') breaches.push('the runner had to kill it');
  const told =
    elsewhere === undefined || elsewhere === '/dev/full' || !existsSync(elsewhere)
      ? outputs
      : parseRunnerFile(readFileSync(elsewhere, 'utf8'));
  const names = Object.keys(told).sort().join();
  const allowed = [[], OUTPUTS_OF_ERROR, OUTPUTS].map((set) => set.toSorted().join());
  if (!allowed.includes(names)) breaches.push(`outputs in part: ${names}`);
  const isGreen = exitCode === 0;
  if (isGreen !== (told['verdict'] === 'compatible')) {
    breaches.push(`exit code ${exitCode} with verdict ${told['verdict'] ?? 'none'}`);
  }
  if (exitCode !== 0 && exitCode !== 1 && signal === null) breaches.push(`exit code ${exitCode}`);
  if (summary !== '' && !(/^## /u.test(summary) && summary.endsWith('\n'))) {
    breaches.push(`a summary in part: ${summary.slice(0, 80)} … ${summary.slice(-80)}`);
  }
  // Who reads the log learns why.
  const isSaid = annotations.some(({ level }) => level === 'error');
  if (exitCode === 1 && !isSaid) breaches.push('red without an error that says why');
  return breaches;
}

/** Never green unless each history that was counted passed, as the replayer itself noted. */
function breachesOfVerdict(
  { outputs }: ActionResult,
  noted: readonly Noted[],
  { replayer, truth }: FaultedCheck,
): string[] {
  const breaches: string[] = [];
  const answers = noted.filter(({ outcome }) => outcome !== undefined);
  const passed = new Set(answers.filter(({ outcome }) => outcome === 'passed').map(({ id }) => id));
  if (Number(outputs['passed'] ?? 0) > passed.size) {
    breaches.push(`${outputs['passed']} counted as passed, and ${passed.size} did`);
  }
  if (outputs['verdict'] !== 'compatible') return breaches;
  const broken = answers.find(({ outcome }) => outcome !== 'passed');
  if (broken !== undefined) {
    breaches.push(`compatible, and ${broken.workflowId ?? ''} is ${broken.outcome ?? ''}`);
  }
  if (outputs['passed'] === '0') breaches.push('compatible, and nothing passed');
  if (truth !== undefined) {
    if (replayer.breaks !== undefined) breaches.push('compatible, though an execution breaks');
    // A closed execution that could not be judged is told, and decides nothing; a running one does.
    const unjudged = closedAndErrored(outputs['report'] ?? '');
    const found = { matched: Number(outputs['matched']), passed: Number(outputs['passed']) };
    const accounted = { ...found, passed: found.passed + unjudged };
    for (const name of ['matched', 'passed'] as const) {
      if (accounted[name] === truth[name]) continue;
      breaches.push(
        `compatible with ${name} ${found[name]}, ${unjudged} closed and errored, and in truth ${truth[name]}`,
      );
    }
  }
  return breaches;
}

function closedAndErrored(reportPath: string): number {
  return outcomesIn(reportPath).filter(
    ({ kind, execution }) => kind === 'errored' && execution.status !== 'Running',
  ).length;
}

/** A report is whole or absent, and says what the outputs say. */
function breachesOfReports({ outputs, exitCode }: ActionResult, path: string): string[] {
  const breaches: string[] = [];
  const own = outputs['report'] ?? '';
  if (own !== '' && !existsSync(own)) breaches.push('the report that the output names is absent');
  for (const each of [path, own].filter((one) => one !== '' && existsSync(one))) {
    const text = readFileSync(each, 'utf8');
    let report: { verdict?: { kind?: string; passes?: boolean } };
    try {
      report = JSON.parse(text) as typeof report;
    } catch {
      breaches.push(`a report in part, of ${text.length} characters`);
      continue;
    }
    breaches.push(...reportProblems(report).map((problem) => `report: ${problem}`));
    if (exitCode === 0 && report.verdict?.passes !== true) {
      breaches.push('green, and the report is red');
    }
  }
  return breaches;
}

function left(runnerTemp: string): string[] {
  return readdirSync(runnerTemp)
    .filter((name) => !EXPECTED_IN_RUNNER_TEMP.test(name))
    .filter((name) => !/^temporal-replay-report-\d+\.json$/u.test(name))
    .map((name) => `left beside the report: ${name}`);
}
