import type { HistoryAndWorkflowId } from '@temporalio/client';
import type { ReplayResult, ReplayWorkerOptions, WorkflowBundleOption } from '@temporalio/worker';
import type { ReplayMessage, ResultMessage } from '../../src/replay/protocol.js';
import { withoutNondeterminism } from './failure-types.js';
import { HistoryFeed } from './history-feed.js';
import { aroundRun } from './plugins.js';
import type { ReplayOptions } from './plugins.js';
import { judge } from './judge.js';
import { Recording, type UndecodedEntry } from './recording.js';
import { SINK } from './recorder.js';
import { lastErrors } from './sdk-log.js';
import type { WorkflowBundles } from './workflow-bundles.js';
import type { Sdk } from './workspace-sdk.js';

type Result = Omit<ResultMessage, 'type' | 'id' | 'durationMs'>;

interface Session {
  readonly feed: HistoryFeed;
  readonly results: AsyncIterator<ReplayResult>;
}

/** Replay workers that are kept. One takes about 7 MB, and an application may have a task queue per customer. */
const MAX_SESSIONS = 8;

/**
 * Replay workers of this process, one for each task queue, with and without recording. Each is kept for as many
 * histories as it can take. It has the execution's namespace and task queue, because code may read both from
 * `workflowInfo()`. By itself the SDK's replay worker shows made-up ones.
 */
export class ReplaySessions {
  private readonly sdk: Sdk;
  private readonly readHistory: (bytes: Uint8Array) => HistoryAndWorkflowId['history'];
  private readonly bundles: WorkflowBundles;
  private readonly options: ReplayOptions;
  private readonly namespace: string;
  private readonly sessions = new Map<string, Session>();
  private readonly recording = new Recording();

  constructor(
    sdk: Sdk,
    readHistory: (bytes: Uint8Array) => HistoryAndWorkflowId['history'],
    bundles: WorkflowBundles,
    options: ReplayOptions,
    namespace: string,
  ) {
    this.sdk = sdk;
    this.readHistory = readHistory;
    this.bundles = bundles;
    this.options = options;
    this.namespace = namespace;
  }

  async replay(message: ReplayMessage): Promise<Result> {
    const history = this.readHistory(Buffer.from(message.history, 'base64'));
    const bundle = message.record ? await this.bundles.recording() : undefined;
    const record = bundle !== undefined;
    const key = `${record ? 'record' : 'plain'} ${message.taskQueue}`;
    const session =
      this.sessions.get(key) ??
      (await this.open(bundle ?? (await this.bundles.plain()), message.taskQueue));
    // The order is that of the last use.
    this.sessions.delete(key);
    this.sessions.set(key, session);
    lastErrors.takeFailed();
    this.recording.clear();
    let result: ReplayResult;
    try {
      session.feed.push({ workflowId: message.workflowId, history });
      const next = await session.results.next();
      if (next.done === true) throw new Error('the replay worker ended by itself');
      result = next.value;
    } catch (error) {
      // This worker is broken; the next history gets a new one.
      this.sessions.delete(key);
      session.feed.end();
      return { outcome: 'errored', message: messageOf(error) };
    }
    // The SDK keeps what it logs for a moment, to sort it.
    if (result.error !== undefined) this.sdk.worker.Runtime.instance().flushLogs();
    const undecoded = this.recording.undecoded();
    const failed = lastErrors.takeFailed() ?? this.recording.lastError();
    if (!record) return judge(result.error, failed, undecoded);
    const definition = await this.bundles.definitionOf(message.workflowType);
    return {
      ...judge(result.error, failed, await this.withDefinition(undecoded, message.workflowType)),
      ...this.recording.take(),
      ...(definition === undefined ? {} : { definition }),
    };
  }

  /** An input of the workflow has its place where the function declares it. */
  private async withDefinition(
    undecoded: readonly UndecodedEntry[],
    workflowType: string,
  ): Promise<UndecodedEntry[]> {
    return Promise.all(
      undecoded.map(async (entry) => {
        const { of, argument } = entry.payload;
        if (of !== 'workflow') return entry;
        const place = await this.bundles.definitionOf(workflowType, argument);
        return { ...entry, payload: { ...entry.payload, ...place } };
      }),
    );
  }

  /** Opens a replay worker. Where there are too many, it replaces the one whose last use is longest ago. */
  private async open(bundle: WorkflowBundleOption, taskQueue: string): Promise<Session> {
    const [oldest] = this.sessions;
    if (oldest !== undefined && this.sessions.size >= MAX_SESSIONS) {
      const [key, session] = oldest;
      this.sessions.delete(key);
      session.feed.end();
      // Its next answer is that it has shut down, which concerns no history.
      await session.results.next().catch(() => undefined);
    }
    const feed = new HistoryFeed();
    const { workflowsPath: _, bundlerOptions: __, interceptors, plugins, ...rest } = this.options;
    const options = {
      ...rest,
      ...(plugins === undefined ? {} : { plugins: aroundRun(plugins) }),
      // A ready bundle has the modules already, and the SDK would warn about them.
      ...(interceptors === undefined
        ? {}
        : { interceptors: { ...interceptors, workflowModules: [] } }),
      ...failureTypesOf(rest),
      workflowBundle: bundle,
      // The SDK takes these in place of its made-up ones, though its types do not have them.
      namespace: this.namespace,
      taskQueue,
      sinks: {
        ...rest.sinks,
        [SINK]: {
          record: {
            fn: (_info: unknown, entry: unknown) => this.recording.add(entry),
            callDuringReplay: true,
          },
        },
      },
    } as ReplayWorkerOptions;
    return {
      feed,
      results: this.sdk.worker.Worker.runReplayHistories(options, feed)[Symbol.asyncIterator](),
    };
  }
}

function failureTypesOf({ workflowFailureErrorTypes: types }: ReplayOptions): object {
  return types === undefined ? {} : { workflowFailureErrorTypes: withoutNondeterminism(types) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
