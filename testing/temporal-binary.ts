import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { cached, cachedFolder, isCached } from './cache.js';
import { goBinFolders, goInstall, goProgramName, type GoProgram } from './go-toolchain.js';
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
const DOWNLOADED_CLI = 'temporal-cli-downloaded';

type Attempt = readonly [what: string, find: () => Promise<Toolchain>];

/**
 * The Temporal CLI, whose dev server the tests run against: from PATH or Go's own folders, from the
 * cache, built with Go, or downloaded by the SDK, whichever works first. One from PATH can be of any
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
    [`go install of ${TEMPORAL_CLI.version}`, () => built(TEMPORAL_CLI, progress)],
    ["download by the SDK's @temporalio/testing", () => downloaded(progress)],
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

/** What is used here of `@temporalio/testing`, which is loaded only where it is installed. */
interface TestingModule {
  readonly TestWorkflowEnvironment: {
    createLocal(options: {
      server: { executable: { type: 'cached-download'; downloadDir: string } };
    }): Promise<{ teardown(): Promise<void> }>;
  };
}

async function downloaded(progress: Progress): Promise<Toolchain> {
  // A name that the compiler does not know, so that the package is not needed to compile this.
  const name: string = '@temporalio/testing';
  const { TestWorkflowEnvironment } = (await import(name)) as TestingModule;
  const folder = await cached(DOWNLOADED_CLI, async (downloadDir) => {
    progress('downloading the Temporal CLI with @temporalio/testing');
    const environment = await TestWorkflowEnvironment.createLocal({
      server: { executable: { type: 'cached-download', downloadDir } },
    });
    await environment.teardown();
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
