import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HistoryDecoder } from './codec/history-decoder.js';
import { RemoteCodec } from './codec/remote-codec.js';
import { openBaselineCheckout } from './files/baseline-checkout.js';
import { HistoryFiles } from './files/history-files.js';
import type { GateParts, ResolvedTarget, SubjectParts } from './gate-parts.js';
import { headCommit } from './github/checkout.js';
import { once } from './inputs/once.js';
import type { ReplayerSettings, Settings } from './inputs/settings.js';
import type { HistoryRead } from './model/history.js';
import { orderedMap } from './pipeline/ordered-map.js';
import { replayEnvironment } from './replay/environment.js';
import { endAllReplayers } from './replay/replayer-process.js';
import { ReplayerPool } from './replay/replayer-pool.js';
import type { StartMessage } from './replay/protocol.js';
import { Server } from './temporal/connection.js';
import { explainNoMatch } from './temporal/explain-no-match.js';
import { findLeftByReset } from './temporal/find-left-by-reset.js';
import { listExecutions, listGroups } from './temporal/list-executions.js';
import { readHistory } from './temporal/read-history.js';
import { resolveTarget } from './temporal/resolve-target.js';

export interface NodePartsOptions {
  readonly settings: Settings;
  readonly subject: SubjectParts;
  readonly environment: NodeJS.ProcessEnv;
  /** Folder with one folder for each language's replayer. */
  readonly replayersFolder: string;
  readonly cancelled: AbortSignal;
  readonly progress: (done: number, of: number) => void;
}

/** The gate's parts on a real machine: the Temporal server or files, processes, the clock. */
export function nodeParts(options: NodePartsOptions): GateParts {
  const { settings, cancelled } = options;
  const histories = historyParts(settings, cancelled);
  const replays = replayParts(options);
  return {
    ...options.subject,
    ...clockParts(cancelled),
    ...histories,
    ...replays,
    progress: options.progress,
    close: async () => {
      await replays.close();
      await histories.close();
    },
  };
}

/** The clock, and the job's end. */
export function clockParts(
  cancelled: AbortSignal,
): Pick<GateParts, 'now' | 'cancelled' | 'stopAfter'> {
  return {
    now: () => new Date(),
    cancelled,
    stopAfter: (ms) => AbortSignal.any([cancelled, AbortSignal.timeout(ms)]),
  };
}

/** The processes that run code under test. */
export function replayParts(
  options: Omit<NodePartsOptions, 'subject' | 'progress'>,
): Pick<GateParts, 'startReplayers' | 'openBaseline' | 'close'> {
  const { settings } = options;
  const scratch = mkdtempSync(join(tmpdir(), 'replay-action-'));
  const pools: ReplayerPool[] = [];
  const start = (replayer: ReplayerSettings, folder: string, reach = false): ReplayerPool => {
    // What one checkout's bundle is, the other's must not be.
    const own = join(scratch, folder);
    mkdirSync(own);
    const pool = startPool(options, replayer, own, reach);
    pools.push(pool);
    return pool;
  };
  return {
    startReplayers: ({ reach }) => start(settings.replayer, 'under-test', reach),
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
      );
      if (checkout.kind === 'unusable') return checkout;
      return { ...checkout, startReplayers: () => start(checkout.replayer, 'base-line') };
    },
    close: async () => {
      for (const pool of pools) pool.close();
      // Only when they are gone does the folder that they share stay away.
      await endAllReplayers();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

type HistoryParts = Pick<
  GateParts,
  | 'resolveTarget'
  | 'listExecutions'
  | 'explainNoMatch'
  | 'readHistories'
  | 'findLeftByReset'
  | 'close'
>;

/** Where executions and their histories come from: the only parts that hold credentials. */
export function historyParts(settings: Settings, signal: AbortSignal): HistoryParts {
  const { source, budget, workspace } = settings;
  const decoder = once(() => {
    const codec = settings.codec();
    return codec === undefined ? undefined : new HistoryDecoder(new RemoteCodec(codec));
  });
  const decoded = async (read: Promise<HistoryRead>, stop: AbortSignal): Promise<HistoryRead> =>
    decoder()?.decode(await read, stop) ?? read;
  if (source.kind === 'files') {
    const files = new HistoryFiles();
    let listed: Awaited<ReturnType<HistoryFiles['list']>> = [];
    return {
      resolveTarget: async ({ buildId }) => {
        listed = await files.list(source.pattern, workspace);
        const target = {
          kind: 'history-files',
          buildId,
          pattern: source.pattern,
          files: listed.length,
        } as const;
        return { kind: 'found', target };
      },
      listExecutions: () => Promise.resolve({ executions: listed, truncated: false }),
      explainNoMatch: () => Promise.reject(new Error('files always hold an execution')),
      readHistories: (executions, stop) =>
        untilStopped(
          orderedMap(executions, budget.fetchConcurrency, (one) => decoded(files.read(one), stop)),
          stop,
        ),
      // A file tells no more than its events.
      findLeftByReset: () => Promise.resolve(new Set()),
      close: () => Promise.resolve(),
    };
  }
  let connecting: Promise<Server> | undefined;
  const server = (): Promise<Server> =>
    (connecting ??= Server.connect(source.connection(), {
      maxRequestsPerSecond: budget.maxRequestsPerSecond,
      signal,
    }));
  return {
    resolveTarget: async (claim): Promise<ResolvedTarget> =>
      resolveTarget(await server(), claim, source),
    listExecutions: async (target) => {
      if (target.kind === 'history-files') throw new Error('this target is not on a server');
      return target.kind === 'worker-deployment'
        ? listGroups(await server(), target.groups)
        : listExecutions(await server(), target.query);
    },
    explainNoMatch: async (target) => explainNoMatch(await server(), target, source),
    readHistories: async function* (executions, stop) {
      const connected = await server();
      const reads = orderedMap(executions, budget.fetchConcurrency, (one) =>
        decoded(readHistory(connected, one), stop),
      );
      yield* untilStopped(reads, stop);
    },
    findLeftByReset: async (executions) => findLeftByReset(await server(), executions),
    close: async () => {
      // A connection that never came about needs no closing.
      await connecting?.then((connected) => connected.close()).catch(() => undefined);
    },
  };
}

/** Ends the stream, and with it the reading ahead, once it is asked to stop. */
async function* untilStopped<T>(
  items: AsyncGenerator<T, void, undefined>,
  stop: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  for await (const item of items) {
    if (stop.aborted) return;
    yield item;
  }
}

function startPool(
  options: Pick<NodePartsOptions, 'settings' | 'environment' | 'replayersFolder' | 'cancelled'>,
  replayer: ReplayerSettings,
  scratch: string,
  reach: boolean,
): ReplayerPool {
  const { settings } = options;
  const { workflows, replayOptions, workingDirectory, language, variables } = replayer;
  const { source } = settings;
  // All that holds credentials is read, and checked, before code of the pull request runs.
  settings.codec();
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
    namespace: source.kind === 'server' ? source.connection().namespace : source.namespace,
  };
  return new ReplayerPool(
    {
      // The job's own Node: what the workflow code is developed on. The action's is the next best.
      file: 'node',
      args: [join(options.replayersFolder, language, 'index.js'), '--channel=3'],
      cwd: workingDirectory,
      environment: replayEnvironment(options.environment, variables()),
    },
    message,
    settings.budget.replayConcurrency,
    options.cancelled,
  );
}
