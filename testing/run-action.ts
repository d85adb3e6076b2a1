import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ActionOutput } from './action-output.js';
import type { TriggerEvent } from './event.js';
import { leaksIn, leaksInFiles, ProcessWatch, withoutMasks, type Canary } from './leaks.js';
import { figure } from './notes.js';
import { startProcess, type OwnedProcess, type ProcessEnd } from './processes.js';
import { processesInFolder } from './processes-in-folder.js';
import { RunnerCommands, shownAnnotations, type Annotation } from './runner-commands.js';
import { parseRunnerFile } from './runner-files.js';
import { stepOf } from './step.js';

export interface RunActionOptions {
  /** The action's entry, `dist/index.js`. */
  readonly dist: string;
  /** By default action.yml in the folder above the entry's, if there is one. */
  readonly actionFile?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly event: TriggerEvent;
  /** Over the runner's own variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** The node to run it with; by default the one that runs this. */
  readonly node?: string;
  /** GITHUB_WORKSPACE, in which the runner starts an action. */
  readonly cwd: string;
  /** GITHUB_API_URL. By default nothing answers there. */
  readonly apiUrl?: string;
  /** `${{ github.token }}`. */
  readonly githubToken?: string;
  /** Values that are masked from the start, as a repository's secrets are. */
  readonly secrets?: readonly string[];
  /** Cancels the job, as a person would in the browser. */
  readonly signal?: AbortSignal;
  /** Milliseconds after which the run is killed and fails. */
  readonly timeoutMs?: number;
  /**
   * Measures `cpuMs`, with the shell's `times`: the only exact way without an add-on, but it puts a
   * shell in between, so `pid` is the shell's, signals do not reach the action, and a signal that
   * ends it shows as exit code 128 + n.
   */
  readonly measureCpu?: boolean;
  /** False where something is started in between that holds the step's environment too. */
  readonly searchesLeaks?: boolean;
}

export interface ActionResult {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly pid: number;
  readonly outputs: Readonly<Record<string, string>>;
  /** What is written to GITHUB_ENV and GITHUB_STATE. */
  readonly exportedVariables: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  /** The job summary's Markdown, secrets masked. */
  readonly summary: string;
  /** The annotations that GitHub keeps: ten of each level, messages cut. */
  readonly annotations: readonly Annotation[];
  /** Those that GitHub drops without a word. */
  readonly droppedAnnotations: readonly Annotation[];
  /** The log as a person sees it: commands executed, secrets masked. */
  readonly log: readonly string[];
  readonly debug: readonly string[];
  /** The printed lines that the runner executed as commands. */
  readonly executed: readonly string[];
  /** As printed, with nothing hidden. */
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
  /** User and system time of the action and of what it started and waited for. */
  readonly cpuMs: number | undefined;
  /** RUNNER_TEMP, which is there until this process ends. */
  readonly runnerTemp: string;
  /** Processes that still worked in the workspace afterwards; `undefined` where that is unknown. */
  readonly leftBehind: readonly number[] | undefined;
}

export interface RunningAction {
  readonly pid: number;
  readonly finished: Promise<ActionResult>;
  /** Everything printed so far, as a person would see it. */
  log(): readonly string[];
  /** Resolves when a line of the log matches; rejects when the action ends without. */
  untilLogged(pattern: RegExp): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** SIGINT, SIGTERM, SIGKILL, at the runner's own pace. */
  cancel(): Promise<void>;
}

const TIMEOUT_MS = 120_000;

/** The signals that the runner sends to a cancelled step, and its patience with each. */
const CANCELLATION: readonly (readonly [NodeJS.Signals, milliseconds: number])[] = [
  ['SIGINT', 7_500],
  ['SIGTERM', 2_500],
];

/** GitHub fails the upload of a larger summary. */
const SUMMARY_LIMIT = 1024 * 1024;

/** Runs the action to its end, as a step of a GitHub job. */
export async function runAction(options: RunActionOptions): Promise<ActionResult> {
  return (await startAction(options)).finished;
}

/** Starts the action as a step of a GitHub job. */
export async function startAction(options: RunActionOptions): Promise<RunningAction> {
  const { runnerTemp, files, env, canaries, secrets } = await stepOf(options);
  const commands = new RunnerCommands(options.cwd, secrets);
  const node = options.node ?? process.execPath;
  const [command, ...args] = options.measureCpu
    ? ['bash', '-c', WITH_TIMES, node, options.dist]
    : [node, options.dist];
  const began = performance.now();
  const owned = await startProcess(command, args, {
    cwd: options.cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe', ...(options.measureCpu ? ['pipe' as const] : [])],
  });
  const output = new ActionOutput(owned, commands);
  // With a shell in between, the action itself would be taken for its child.
  const watch = new ProcessWatch(owned.pid, options.measureCpu ? [] : canaries);
  const startedAt = Date.now();
  const cancel = (): Promise<void> => cancelStep(owned);
  const onAbort = (): void => void cancel();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  if (options.signal?.aborted) onAbort();

  const finish = async (): Promise<ActionResult> => {
    const end = await endWithin(options.timeoutMs ?? TIMEOUT_MS, owned, commands);
    const durationMs = performance.now() - began;
    options.signal?.removeEventListener('abort', onAbort);
    watch.stop();
    const leftBehind = await processesInFolder(options.cwd);
    // What is left of the action's own process group ends here.
    await owned.stop();
    await output.drained();
    const summary = await readSummary(files.GITHUB_STEP_SUMMARY, commands);
    const leaks = [
      ...watch.leaks,
      ...leaksIn('the log', withoutMasks(`${output.stdout}\n${output.stderr}`), canaries),
      ...(await leaksInFiles(runnerTemp, 0, canaries)),
      ...(await leaksInFiles(options.cwd, startedAt, canaries)),
      ...(await leaksInScratch(startedAt, canaries)),
    ];
    if (leaks.length > 0) throw new Error(`Credentials leak:\n${leaks.join('\n')}`);
    if (canaries.length > 0) {
      figure('secrets', 'run of the action with a credential, searched for it');
    }
    const annotations = shownAnnotations(commands.annotations);
    return {
      exitCode: end.code,
      signal: end.signal,
      pid: owned.pid,
      outputs: parseRunnerFile(await readFile(files.GITHUB_OUTPUT, 'utf8')),
      exportedVariables: parseRunnerFile(await readFile(files.GITHUB_ENV, 'utf8')),
      state: parseRunnerFile(await readFile(files.GITHUB_STATE, 'utf8')),
      summary,
      annotations,
      droppedAnnotations: commands.annotations.filter((each) => !annotations.includes(each)),
      log: commands.log,
      debug: commands.debug,
      executed: commands.executed,
      stdout: output.stdout,
      stderr: output.stderr,
      durationMs,
      cpuMs: options.measureCpu ? parseTimes(output.times) : undefined,
      runnerTemp,
      leftBehind,
    };
  };
  return {
    pid: owned.pid,
    finished: finish(),
    log: () => commands.log,
    untilLogged: (pattern) => output.until(() => commands.log.some((line) => pattern.test(line))),
    kill: (signal) => void owned.child.kill(signal),
    cancel,
  };
}

/** Runs node in the foreground and writes the shell's and its children's times to channel 3. */
// For bash: dash drops variables that it could not have set itself, such as INPUT_GITHUB-TOKEN.
const WITH_TIMES = '"$0" "$@" 3>&-; code=$?; times >&3; exit $code';

/** The second line of `times` is the children's: `0m0.310s 0m0.040s`, user and system. */
function parseTimes(text: string): number | undefined {
  const [user, system] = [...(text.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/gu)].map(
    ([, minutes, seconds]) => (Number(minutes) * 60 + Number(seconds)) * 1_000,
  );
  return user === undefined || system === undefined ? undefined : user + system;
}

async function readSummary(path: string, commands: RunnerCommands): Promise<string> {
  const summary = await readFile(path, 'utf8');
  if (Buffer.byteLength(summary) <= SUMMARY_LIMIT) return commands.masked(summary);
  commands.process('::error::The job summary is larger than 1024k and was not uploaded');
  return '';
}

/** What the action itself leaves in the machine's temporary folder. */
async function leaksInScratch(since: number, canaries: readonly Canary[]): Promise<string[]> {
  if (canaries.length === 0) return [];
  const folders = await readdir(tmpdir());
  const ours = folders.filter((name) => /^(?:replay-action|temporal-replay)/u.test(name));
  const found = await Promise.all(
    ours.map((name) => leaksInFiles(join(tmpdir(), name), since, canaries)),
  );
  return found.flat();
}

async function cancelStep(owned: OwnedProcess): Promise<void> {
  for (const [signal, patienceMs] of CANCELLATION) {
    owned.child.kill(signal);
    if (await endsWithin(patienceMs, owned)) return;
  }
  await owned.stop();
}

async function endWithin(
  milliseconds: number,
  owned: OwnedProcess,
  commands: RunnerCommands,
): Promise<ProcessEnd> {
  if (await endsWithin(milliseconds, owned)) return owned.ended;
  await owned.stop();
  const seconds = milliseconds / 1_000;
  throw new Error(`Not finished after ${seconds} s, having logged:\n${commands.log.join('\n')}`);
}

async function endsWithin(milliseconds: number, { ended }: OwnedProcess): Promise<boolean> {
  const patience = new AbortController();
  const over = sleep(milliseconds, false, { signal: patience.signal }).catch(() => false);
  const hasEnded = await Promise.race([ended.then(() => true), over]);
  patience.abort();
  return hasEnded;
}
