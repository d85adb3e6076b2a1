import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ENGINES } from './engines.js';
import { openBaselineCheckout } from '../files/baseline-checkout.js';
import { sharePackages } from '../files/shared-packages.js';
import type { GateParts } from '../gate/parts.js';
import { CodeCopy } from '../files/code-copy.js';
import { headCommit } from '../files/head-commit.js';
import { once } from '../pipeline/once.js';
import { isInside, realPathOf } from '../files/paths.js';
import type { ReplayerSettings, Settings } from '../model/settings.js';
import { replayerProgram, sharePython } from '../languages/replayer-program.js';
import type { Isolation } from '../model/isolation.js';
import { UserError } from '../model/user-error.js';
import { findIsolation } from '../replay/isolation.js';
import { type IsolationWay } from '../replay/isolation-way.js';
import type { ReadyMessage, StartMessage } from '../replay/protocol.js';
import { ReplayerPool, type PoolSettings } from '../replay/replayer-pool.js';
import { endAllReplayers } from '../replay/replayer-process.js';
import { isSealed } from '../replay/seal.js';
import { isolationWords } from '../model/isolation-words.js';

export interface ReplayPartsOptions {
  readonly settings: Settings;
  /** The environment of this process. A replay process sees little of it. */
  readonly environment: NodeJS.ProcessEnv;
  /** Folder with one folder for each language's replayer. */
  readonly replayersFolder: string;
  readonly cancelled: AbortSignal;
  /** Writes to the log what was decided for the user. */
  readonly say?: (line: string) => void;
}

/** The processes that run code under test. */
export function replayParts(
  given: ReplayPartsOptions,
): Pick<GateParts, 'startReplayers' | 'openBaseline' | 'tryEdits' | 'reader' | 'close'> {
  let isOpen = true;
  const options: ReplayPartsOptions = {
    ...given,
    // A run that ends early does not wait for all that it has begun, and its last words must stay the last.
    say: (line) => (isOpen ? given.say?.(line) : undefined),
  };
  const { settings } = options;
  const scratch = scratchFolder();
  const pools: ReplayerPool[] = [];
  let copying: Promise<CodeCopy> | undefined;
  let tries = 0;
  let trying: Promise<void> = Promise.resolve();
  let takeLinksAway = (): void => undefined;
  let probing: Promise<FoundIsolation> | undefined;
  // Probed once, and only where code is replayed.
  const isolation = (): Promise<FoundIsolation> => (probing ??= isolate(options));
  const start = (folder: string, run: Omit<PoolRun, 'scratch' | 'isolation'>): ReplayerPool => {
    // The two checkouts must not share a bundle.
    const own = join(scratch, folder);
    mkdirSync(own);
    const pool = startPool(options, { ...run, scratch: own, isolation: isolation() });
    pools.push(pool);
    return pool;
  };
  return {
    reader: ENGINES[settings.engine].reader,
    startReplayers: ({ reach }) => {
      const { replayer, workspace } = settings;
      const { name, because } = replayer.language();
      if (because !== undefined) options.say?.(`The language of the code is ${name}: ${because}.`);
      const onReady = told(options, 'The workflows');
      return start('under-test', { replayer, reach, checkout: workspace, onReady });
    },
    openBaseline: async ({ commit, acceptedCommits }) => {
      const { baselineDirectory, workspace, replayer } = settings;
      if (baselineDirectory === undefined) return undefined;
      const underTest = [...(acceptedCommits === 'any' ? [] : acceptedCommits)];
      if (commit !== undefined) underTest.push(commit);
      const checkout = await openBaselineCheckout(
        baselineDirectory,
        workspace,
        replayer,
        underTest,
        headCommit,
        sharesPython(options, isolation),
      );
      if (checkout.kind === 'unusable') return checkout;
      const { directory } = checkout;
      return {
        ...checkout,
        // What breaks and what drifts are both asked of it: one set of processes answers.
        startReplayers: once(() => {
          if (checkout.sharesPackages) takeLinksAway = sharePackages(workspace, directory);
          return start('baseline', {
            replayer: checkout.replayer,
            reach: false,
            checkout: workspace,
            baseline: directory,
            onReady: told(options, "The baseline's workflows"),
            refuse: ({ sources = [] }) => loadedFromElsewhere(sources, directory, workspace),
          });
        }),
      };
    },
    tryEdits: (edits, stop, work) => {
      const trial = trying.then(async () => {
        const copy = await (copying ??= copyOf(settings, scratch, stop));
        await copy.with(edits, async () => {
          const { replayer } = settings;
          const { workflows, replayOptions, workingDirectory } = replayer;
          const pool = start(`try-${(tries += 1)}`, {
            replayer: {
              ...replayer,
              workingDirectory: copy.at(workingDirectory),
              workflows: workflows === undefined ? undefined : copy.at(workflows),
              replayOptions: replayOptions === undefined ? undefined : copy.at(replayOptions),
            },
            reach: false,
            checkout: copy.root,
            onReady: () => undefined,
          });
          const end = (): void => pool.close();
          stop.addEventListener('abort', end, { once: true });
          try {
            await work(pool);
          } finally {
            stop.removeEventListener('abort', end);
            pool.close();
          }
        });
      });
      // The next edit waits until this one is out of the copy.
      trying = trial.catch(() => undefined);
      return trial;
    },
    close: async () => {
      isOpen = false;
      for (const pool of pools) pool.close();
      await Promise.race([
        probing?.catch(() => undefined),
        sleep(MAX_PROBE_MS, undefined, { ref: false }),
      ]);
      // The shared folder can be removed for good only when all processes have ended.
      await endAllReplayers();
      takeLinksAway();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

/** The baseline is no part of the code under test, also where it stands in the workspace. */
function copyOf(
  { workspace, baselineDirectory }: Settings,
  scratch: string,
  stop: AbortSignal,
): Promise<CodeCopy> {
  const without =
    baselineDirectory === undefined ? [] : [realPathOf(join(workspace, baselineDirectory))];
  return CodeCopy.make(workspace, mkdtempSync(join(scratch, 'copy-')), without, stop);
}

/** Milliseconds to wait until the probes of the isolation have ended, which start processes of their own. */
const MAX_PROBE_MS = 2_000;

/** @throws UserError where there is no place for temporary files */
function scratchFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'replay-action-'));
  } catch (error) {
    throw new UserError(
      {
        found: `No temporary folder can be made (${(error as Error).message})`,
        expected: `a folder with room at ${tmpdir()}`,
        fix: "free space on the runner's disk, or correct TMPDIR",
      },
      { cause: error },
    );
  }
}

/** One of the run's two sets of replay processes. */
interface PoolRun {
  readonly isolation: Promise<FoundIsolation>;
  readonly replayer: ReplayerSettings;
  /** Absolute path of a private folder for them. */
  readonly scratch: string;
  readonly reach: boolean;
  /** Absolute path of the folder in which environments count as the application's. */
  readonly checkout: string;
  /** Absolute path of the baseline, where it is what these replay. */
  readonly baseline?: string;
  readonly onReady: (ready: ReadyMessage) => void;
  readonly refuse?: PoolSettings['refuse'];
}

/** Says in the log which workflows are replayed, where the replayer chose among several. */
function told({ say }: ReplayPartsOptions, what: string): PoolRun['onReady'] {
  return ({ taken }) => {
    if (taken !== undefined) say?.(`${what} are those of ${taken.what}: ${taken.because}.`);
  };
}

function startPool(
  options: ReplayPartsOptions,
  { replayer, scratch, reach, checkout, baseline, onReady, refuse, isolation: finding }: PoolRun,
): ReplayerPool {
  const { settings, replayersFolder, environment, cancelled: signal } = options;
  const { source } = settings;
  // Everything with credentials is read and checked before code of the pull request runs.
  settings.codec();
  settings.historyCache();
  const namespace = source.kind === 'server' ? source.connection().namespace : source.namespace;
  const { name: language, because } = replayer.language();
  const prepare = async (): Promise<Awaited<PoolSettings['program']>> => {
    const { way, isolation } = await finding;
    const surroundings = {
      ...{ replayersFolder, checkout, environment, isolation: way },
      ...(baseline === undefined ? {} : { baseline }),
    };
    const { workflows, ...program } = await replayerProgram(language, replayer, surroundings);
    const { replayOptions } = replayer;
    const message: StartMessage = {
      type: 'start',
      protocol: 1,
      ...(workflows === undefined ? {} : { workflows }),
      options: {
        ...(replayOptions === undefined ? {} : { module: replayOptions }),
        scratch,
        accelerate: true,
        reach,
      },
      namespace,
      historyFormat: ENGINES[settings.engine].reader.historyFormat,
    };
    return { ...program, message, isolation };
  };
  return new ReplayerPool({
    program: prepare(),
    concurrency: settings.budget.replayConcurrency,
    signal,
    onReady,
    ...(refuse === undefined ? {} : { refuse }),
    ...(because === undefined
      ? {}
      : {
          hint: `the code was taken for ${language}, because ${because}; set language if it is not`,
        }),
  });
}

/** Whether an application of the baseline gets the interpreter of the code under test. What fails here fails again there. */
function sharesPython(
  { settings, replayersFolder, environment }: ReplayPartsOptions,
  isolation: () => Promise<FoundIsolation>,
): (workingDirectory: string, baseline: string) => Promise<boolean> {
  const { workspace: checkout, replayer } = settings;
  return async (workingDirectory, baseline) => {
    try {
      const { way } = await isolation();
      const surroundings = { replayersFolder, checkout, environment, isolation: way };
      return await sharePython(
        [replayer, surroundings],
        [
          { ...replayer, workingDirectory },
          { ...surroundings, baseline },
        ],
      );
    } catch {
      return false;
    }
  };
}

interface FoundIsolation {
  readonly way: IsolationWay;
  readonly isolation: Isolation;
}

/** @throws UserError where the machine does not have the rung that the input names */
async function isolate({
  settings,
  environment,
  say,
}: ReplayPartsOptions): Promise<FoundIsolation> {
  const user = process.getuid?.();
  const { way, unavailable } = await findIsolation(settings.replayer.isolation, {
    platform: process.platform,
    user,
    group: process.getgid?.(),
    path: environment['PATH'] ?? '',
  });
  const isolation = { rung: way.rung, sealed: isSealed(), root: user === 0 };
  say?.(`Isolation of the code under test: ${isolationWords(isolation)}.`);
  for (const { rung, why } of unavailable) say?.(`Isolation ${rung} does not work here: ${why}`);
  return { way, isolation };
}

/** The baseline must not be the code under test: then everything would seem broken before this change. */
function loadedFromElsewhere(
  sources: readonly string[],
  directory: string,
  workspace: string,
): string | undefined {
  const foreign = sources
    .map(realPathOf)
    .find((source) => isInside(source, workspace) && !isInside(source, directory));
  return foreign === undefined
    ? undefined
    : `the baseline's workflows come from ${relative(workspace, foreign)}, which is the code under test`;
}
