import { dirname, join, relative } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { readActLog, type JobRun } from './act-log.js';
import { isCached } from './cache.js';
import type { TriggerEvent } from './event.js';
import { goInstall, goProgramName, type GoProgram } from './go-toolchain.js';
import { processesInFolder } from './processes-in-folder.js';
import { startProcess } from './processes.js';
import { removeFolder, temporaryFolder } from './temporary-folder.js';
import { missing, type Progress, type Toolchain } from './toolchain.js';

/** Runs workflow files, here without containers: directly on this machine. */
const ACT: GoProgram = { package: 'github.com/nektos/act', version: 'v0.2.89', binary: 'act' };

const TIMEOUT_MS = 180_000;

/** act by Go, from the cache after the first time. */
export async function findAct(progress: Progress = () => undefined): Promise<Toolchain> {
  const name = goProgramName(ACT);
  try {
    const source = (await isCached(name)) ? 'cache' : 'built';
    const path = await goInstall(ACT, progress);
    return { available: true, path, version: ACT.version.slice(1), source };
  } catch (error) {
    return missing(error, `act ${ACT.version} could not be built: install Go 1.21 or newer.`);
  }
}

export interface WorkflowOptions {
  /** The path of act. */
  readonly act: string;
  /** The checkout, a git repository: act runs in a copy of it, uncommitted and ignored files too. */
  readonly workspace: string;
  /** Inside the workspace, `.github/workflows/replay.yml`. */
  readonly workflowFile: string;
  readonly event: TriggerEvent;
  /** GITHUB_API_URL. */
  readonly apiUrl?: string;
  /** `${{ github.token }}`. */
  readonly githubToken?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** The node that `node24` actions and steps get; by default the first on PATH. */
  readonly node?: string;
  /** Folders that stand for published actions, as in `{ 'acme/replay-action@v1': '…' }`. */
  readonly localActions?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

export interface WorkflowRun {
  readonly exitCode: number | null;
  /** In the order of their start. A job or step that was skipped is not there. */
  readonly jobs: readonly JobRun[];
  /** Everything that act printed, for people. */
  readonly output: string;
}

/**
 * Runs one workflow file as GitHub would on the event, but for what act does not know: jobs share
 * this machine, GITHUB_SHA is the workspace's HEAD, `actions/checkout` is served from the workspace,
 * and other published actions are not reachable but for `localActions`.
 */
export async function runWorkflowFile(options: WorkflowOptions): Promise<WorkflowRun> {
  const folder = await temporaryFolder('act');
  try {
    const eventPath = join(folder, 'event.json');
    await writeFile(eventPath, JSON.stringify(options.event.payload));
    const cache = join(folder, 'cache');
    const args = [
      [options.event.name, '--json', '--eventpath', eventPath],
      ['--workflows', options.workflowFile, '--platform', 'ubuntu-latest=-self-hosted'],
      ['--platform', 'self-hosted=-self-hosted'],
      // The first would need a network address of this machine, the second leaves node_modules out.
      ['--no-cache-server', '--use-gitignore=false', '--action-cache-path', cache],
      ...(options.apiUrl === undefined ? [] : [['--env', `GITHUB_API_URL=${options.apiUrl}`]]),
      ...settings('--env', options.env),
      ...settings('--secret', options.secrets),
      ...settings('--local-repository', options.localActions),
      ...(options.githubToken === undefined
        ? []
        : settings('--secret', { GITHUB_TOKEN: options.githubToken })),
    ];
    const path = process.env['PATH'] ?? '';
    const { exitCode, output } = await runToEnd(options, args.flat(), {
      PATH: options.node === undefined ? path : `${dirname(options.node)}:${path}`,
      HOME: folder,
      XDG_CACHE_HOME: cache,
      XDG_CONFIG_HOME: folder,
    });
    const inWorkspace = (file: string): string => relativeToCopy(cache, file);
    return { exitCode, output, jobs: readActLog(output, inWorkspace) };
  } finally {
    // What has left the group of its step too.
    for (const left of (await processesInFolder(folder)) ?? []) process.kill(left, 'SIGKILL');
    await removeFolder(folder);
  }
}

async function runToEnd(
  { act, workspace, timeoutMs = TIMEOUT_MS }: WorkflowOptions,
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ exitCode: number | null; output: string }> {
  const owned = await startProcess(act, args, {
    cwd: workspace,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [owned.child.stdout, owned.child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  let isLate = false as boolean;
  const timer = setTimeout(() => {
    isLate = true;
    void owned.stop();
  }, timeoutMs);
  const { code } = await owned.ended;
  clearTimeout(timer);
  // What a step left running goes too.
  await owned.stop();
  if (isLate) throw new Error(`act was not finished after ${timeoutMs} ms:\n${output}`);
  return { exitCode: code, output };
}

function settings(option: string, values: Readonly<Record<string, string>> = {}): string[][] {
  return Object.entries(values).map(([name, value]) => [option, `${name}=${value}`]);
}

/** act copies the workspace to `<cache>/<some name>/hostexecutor`, which is then the workspace. */
function relativeToCopy(cache: string, file: string): string {
  const [, copy, ...inside] = relative(cache, file).split('/');
  return copy === 'hostexecutor' ? inside.join('/') : file;
}
