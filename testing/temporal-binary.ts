import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { cached, cachedFolder, isCached } from './cache.js';
import { goBinFolders, goInstall, goProgramName, type GoProgram } from './go-toolchain.js';
import { projectRoot } from './project-root.js';
import { runCommand } from './run-command.js';
import { missing, type Progress, type Toolchain } from './toolchain.js';

export interface FindOptions {
  readonly progress?: Progress;
  /** `false`: look, but neither build nor download. */
  readonly install?: boolean;
}

/** The newest release that `go install` accepts: later ones have `replace` lines in their go.mod. */
const TEMPORAL_CLI: GoProgram = {
  package: 'github.com/temporalio/cli/cmd/temporal',
  version: 'v1.5.1',
  binary: 'temporal',
};

/** The server itself, which unlike the CLI's can be given certificates. */
const TEMPORAL_SERVER: GoProgram = {
  package: 'go.temporal.io/server/cmd/server',
  version: 'v1.32.2',
  binary: 'server',
  goToolchain: 'go1.26.10',
};

/** Where the SDK keeps the CLI that it downloads. */
const DOWNLOADED_CLI = `temporal-downloaded-${TEMPORAL_CLI.version}`;

type Attempt = readonly [what: string, find: () => Promise<Toolchain>];

/**
 * The Temporal CLI, whose dev server the tests run against: from PATH or Go's own folders, from the
 * cache, downloaded by the SDK, or built with Go, whichever works first. One from PATH can be of any
 * version; the result says which it is.
 */
export async function findTemporalCli(options: FindOptions = {}): Promise<Toolchain> {
  const progress = options.progress ?? (() => undefined);
  const looks: Attempt[] = [
    ['on PATH', async () => firstThatRuns(await candidatesOnPath('temporal'), 'PATH')],
    ['in the cache', () => inCache(TEMPORAL_CLI)],
    ['downloaded earlier', () => downloadedEarlier()],
  ];
  const installs: Attempt[] = [
    ["download by the SDK's @temporalio/testing", () => downloaded(progress)],
    [`go install of ${TEMPORAL_CLI.version}`, () => built(TEMPORAL_CLI, progress)],
  ];
  return firstOf('the Temporal CLI', options.install === false ? looks : [...looks, ...installs], [
    'Install it (https://docs.temporal.io/cli#install) so that `temporal` is on PATH,',
    `or install Go and run: go install ${TEMPORAL_CLI.package}@${TEMPORAL_CLI.version}`,
  ]);
}

/** The Temporal server's own binary, for what the dev server cannot do: TLS and newer releases. */
export async function findTemporalServer(options: FindOptions = {}): Promise<Toolchain> {
  const progress = options.progress ?? (() => undefined);
  const attempts: Attempt[] = [['in the cache', () => inCache(TEMPORAL_SERVER)]];
  if (options.install !== false) {
    attempts.push([
      `go install of ${TEMPORAL_SERVER.version}`,
      () => built(TEMPORAL_SERVER, progress),
    ]);
  }
  return firstOf(`the Temporal server ${TEMPORAL_SERVER.version}`, attempts, [
    'Install Go 1.21 or newer; it fetches the toolchain that the server needs and builds it here.',
  ]);
}

async function firstOf(
  what: string,
  attempts: readonly Attempt[],
  howToGetIt: readonly string[],
): Promise<Toolchain> {
  const failures: string[] = [];
  for (const [name, find] of attempts) {
    const found = await find().catch((error: unknown) => missing(error));
    if (found.available) return found;
    failures.push(`  - ${name}: ${found.reason.replaceAll('\n', '\n    ')}`);
  }
  return missing(
    new Error([`${what} is not available. Tried:`, ...failures, ...howToGetIt].join('\n')),
  );
}

async function inCache(program: GoProgram): Promise<Toolchain> {
  const name = goProgramName(program);
  if (!(await isCached(name))) return { available: false, reason: 'nothing there' };
  return runs(join(cachedFolder(name), program.binary), 'cache');
}

async function built(program: GoProgram, progress: Progress): Promise<Toolchain> {
  return runs(await goInstall(program, progress), 'built');
}

async function downloadedEarlier(): Promise<Toolchain> {
  if (!(await isCached(DOWNLOADED_CLI))) return { available: false, reason: 'nothing there' };
  return firstThatRuns(await filesIn(cachedFolder(DOWNLOADED_CLI)), 'cache');
}

/** Milliseconds after which a download of which nothing has come is given up: its host cannot be reached. */
const FIRST_BYTES_MS = 8_000;

/** Milliseconds that the whole download, of some 50 MB, and a first start may take. */
const DOWNLOAD_MS = 180_000;

/** The SDK starts what it downloads. */
const DOWNLOAD = `
const [, version, downloadDir] = process.argv;
const { TestWorkflowEnvironment } = await import('@temporalio/testing');
const executable = { type: 'cached-download', version, downloadDir };
await (await TestWorkflowEnvironment.createLocal({ server: { executable } })).teardown();
process.exit();`;

async function downloaded(progress: Progress): Promise<Toolchain> {
  const { version } = TEMPORAL_CLI;
  const folder = await cached(DOWNLOADED_CLI, async (downloadDir) => {
    progress(`downloading the Temporal CLI ${version} with @temporalio/testing`);
    // In a process of its own: what the SDK is waiting for cannot be broken off.
    const isUnreachable = new AbortController();
    const timer = setTimeout(() => {
      void readdir(downloadDir).then(({ length }) => {
        if (length === 0) isUnreachable.abort();
      });
    }, FIRST_BYTES_MS);
    try {
      await runCommand(
        process.execPath,
        ['--input-type=module', '--eval', DOWNLOAD, version, downloadDir],
        { cwd: projectRoot, timeoutMs: DOWNLOAD_MS, signal: isUnreachable.signal },
      );
    } catch (error) {
      if (!isUnreachable.signal.aborted) throw error;
      throw new Error(`nothing came within ${FIRST_BYTES_MS / 1_000} s`, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  });
  return firstThatRuns(await filesIn(folder), 'downloaded');
}

async function filesIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).map((name) => join(folder, name));
}

async function candidatesOnPath(binary: string): Promise<string[]> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates: string[] = [];
  for (const folder of [...folders, ...(await goBinFolders())]) {
    const candidate = join(folder, binary);
    if (await isExecutable(candidate)) candidates.push(candidate);
  }
  return candidates;
}

async function firstThatRuns(candidates: readonly string[], source: string): Promise<Toolchain> {
  const reasons: string[] = [];
  for (const candidate of candidates) {
    const found = await runs(candidate, source).catch((error: unknown) => missing(error));
    if (found.available) return found;
    reasons.push(found.reason);
  }
  return {
    available: false,
    reason: reasons.length === 0 ? 'nothing there' : reasons.join('\n'),
  };
}

/** A program that is there can still be for another machine, or something else of the same name. */
async function runs(path: string, source: string): Promise<Toolchain> {
  const { stdout, stderr } = await runCommand(path, ['--version'], { timeoutMs: 20_000 });
  const version = /version\s+v?(\S.*)/iu.exec(`${stdout}\n${stderr}`)?.[1];
  if (version === undefined) {
    return { available: false, reason: `${path} --version names no version: ${stdout.trim()}` };
  }
  return { available: true, path, version, source };
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
