import { untilStopped } from '../pipeline/until-stopped.js';
import { randomInt } from 'node:crypto';
import type { HistoryServer, WholeHistory } from '../engine/engine.js';
import { ENGINES } from './engines.js';
import type { GateParts, SubjectParts } from '../gate/parts.js';
import { once } from '../pipeline/once.js';
import { currentIsNotKnown } from '../claim/current-is-not-known.js';
import { namesCurrentBuild } from '../model/claim.js';
import { UserError } from '../model/user-error.js';
import type { Settings } from '../model/settings.js';
import type { Execution } from '../model/execution.js';
import type { HistoryRead } from '../model/history.js';
import type { ByteShare } from '../pipeline/byte-room.js';
import type { Deadline } from '../pipeline/deadline.js';
import { mapWithinBytes } from '../pipeline/map-within-bytes.js';
import { orderedMap } from '../pipeline/ordered-map.js';
import { replayParts, type ReplayPartsOptions } from './replay-parts.js';
import { HistoryStore } from '../store/history-store.js';
import { readThrough } from '../store/read-through.js';

export interface NodePartsOptions extends ReplayPartsOptions {
  readonly subject: SubjectParts;
  readonly progress: (done: number, of: number) => void;
  readonly deadline: Deadline;
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
    deadline: options.deadline,
    close: async () => {
      await replays.close();
      await histories.close();
    },
  };
}

/** Seeds are below this number, so that they stay short. */
const SEEDS = 2 ** 32;

/** The time of day, chance, and the cancellation of the job. */
export function clockParts(cancelled: AbortSignal): Pick<GateParts, 'now' | 'seed' | 'cancelled'> {
  return {
    now: () => new Date(),
    seed: randomInt(SEEDS),
    cancelled,
  };
}

/** Bytes of the histories that are being read, or wait to be taken: beyond them one alone is read on. */
const MAX_BYTES_READ_AHEAD = 32 * 1024 * 1024;

/** Histories as a whole, which only a server gives. */
interface WholeHistories {
  /** As `readHistories`, and with the whole history in the place of what a replay gets. */
  readWhole(executions: readonly Execution[], stop: AbortSignal): AsyncIterable<HistoryRead>;
  /** Makes a whole history ready for a replay. Only after some were read. */
  prepare(execution: Execution, bytes: Uint8Array): HistoryRead;
}

type HistoryParts = WholeHistories &
  Pick<
    GateParts,
    | 'resolveTarget'
    | 'claimable'
    | 'listExecutions'
    | 'explainNoMatch'
    | 'readRetention'
    | 'readHistories'
    | 'findLeftByReset'
    | 'effort'
    | 'close'
  >;

/** Where executions and their histories come from: the only parts that hold credentials. */
export function historyParts(settings: Settings, signal: AbortSignal): HistoryParts {
  const { source, budget, workspace } = settings;
  const engine = ENGINES[settings.engine];
  const decoder = once(() => {
    const codec = settings.codec();
    return codec === undefined ? undefined : engine.openDecoder(codec);
  });
  const decoded = async (read: Promise<HistoryRead>, stop: AbortSignal): Promise<HistoryRead> =>
    decoder()?.decode(await read, stop) ?? read;
  if (source.kind === 'files') {
    const files = engine.openFiles(source.passphrase);
    let listed: Execution[] = [];
    return {
      resolveTarget: async ({ buildId }) => {
        if (namesCurrentBuild({ buildId })) throw currentIsNotKnown('histories are files');
        listed = await files.list(source.pattern, workspace);
        const target = {
          kind: 'history-files',
          buildId,
          pattern: source.pattern,
          files: listed.length,
        } as const;
        return { kind: 'found', target };
      },
      claimable: () => Promise.resolve(''),
      listExecutions: () => Promise.resolve({ executions: listed, truncated: false }),
      explainNoMatch: () => Promise.reject(new Error('files always hold an execution')),
      readRetention: () => Promise.resolve(undefined),
      readHistories: (executions, stop) =>
        untilStopped(
          orderedMap(executions, budget.fetchConcurrency, (one) => decoded(files.read(one), stop)),
          stop,
        ),
      readWhole: () => {
        throw new Error('files are whole already');
      },
      prepare: () => {
        throw new Error('files are whole already');
      },
      // A file tells no more than its events.
      findLeftByReset: () => Promise.resolve(new Set()),
      effort: () => undefined,
      close: () => Promise.resolve(),
    };
  }
  let connecting: Promise<HistoryServer> | undefined;
  let connected: HistoryServer | undefined;
  let histories = 0;
  let store: HistoryStore | undefined;
  const openStore = once(async (): Promise<HistoryStore | undefined> => {
    const cache = settings.historyCache();
    if (cache === undefined) return undefined;
    const from = await server();
    return (store = await HistoryStore.open(cache, await from.identity(), from.wholeHistory));
  });
  const server = (): Promise<HistoryServer> =>
    (connecting ??= engine
      .connect(source, { maxRequestsPerSecond: budget.maxRequestsPerSecond, signal })
      .then((made) => (connected = made)));
  const inOrder = (
    executions: readonly Execution[],
    stop: AbortSignal,
    read: (one: Execution, share: ByteShare) => Promise<HistoryRead>,
  ): AsyncIterable<HistoryRead> =>
    untilStopped(
      mapWithinBytes(
        executions,
        { concurrency: budget.fetchConcurrency, limit: MAX_BYTES_READ_AHEAD },
        (one, share) => decoded(read(one, share), stop),
      ),
      stop,
    );
  return {
    resolveTarget: async (claim) => (await server()).resolveTarget(claim),
    claimable: async () => {
      try {
        return await (await server()).claimable();
      } catch (error) {
        signal.throwIfAborted();
        // Where there is no server, or no credential, the help is missing; the verdict stands.
        if (error instanceof UserError) return '';
        throw error;
      }
    },
    listExecutions: async (target) => (await server()).listExecutions(target),
    explainNoMatch: async (target) => (await server()).explainNoMatch(target),
    readRetention: async () => (await server()).readRetention(),
    readHistories: async function* (executions, stop) {
      const from = await server();
      const kept = await openStore();
      const read = async (one: Execution, share: ByteShare): Promise<HistoryRead> => {
        const history =
          kept === undefined
            ? await from.readHistory(one, { stop, share })
            : await readThrough(kept, from, one, { stop, share });
        if (history.kind === 'read') histories += 1;
        return history;
      };
      yield* inOrder(executions, stop, read);
    },
    readWhole: async function* (executions, stop) {
      const from = await server();
      yield* inOrder(executions, stop, async (one, share) => {
        let whole: Uint8Array | undefined;
        const onWhole = (history: WholeHistory): void => void (whole = history.bytes());
        const read = await from.readHistory(one, { stop, share, onWhole });
        if (read.kind !== 'read' || whole === undefined) return read;
        return { ...read, history: { ...read.history, bytes: whole } };
      });
    },
    prepare: (execution, bytes) => {
      if (connected === undefined) throw new Error('no history was read yet');
      return connected.wholeHistory(bytes).readOf(execution);
    },
    findLeftByReset: async (executions) => (await server()).findLeftByReset(executions),
    effort: () => {
      if (connected === undefined) return undefined;
      const { requests } = connected;
      if (store === undefined) return { requests, histories };
      const { use } = store;
      return { requests, histories: histories - use.reused, store: use };
    },
    close: async () => {
      await store?.close();
      // A connection that was never made needs no closing.
      await connecting?.then((made) => made.close()).catch(() => undefined);
    },
  };
}
