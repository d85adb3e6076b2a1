import type { HistoryAndWorkflowId } from '@temporalio/client';
import type { ReplayResult, ReplayWorkerOptions, WorkflowBundleOption } from '@temporalio/worker';
import type { ReplayMessage, ResultMessage } from '../../src/replay/protocol.js';
import { HistoryFeed } from './history-feed.js';
import { Recording } from './recording.js';
import { SINK } from './recorder.js';
import type { ReplayOptions } from './replay-options.js';
import { lastErrors } from './sdk-log.js';
import { firstUserFrame } from './stack.js';
import { parseTaskFailure } from './task-failure.js';
import type { WorkflowBundles } from './workflow-bundles.js';
import type { Sdk } from './workspace-sdk.js';

type Result = Omit<ResultMessage, 'type' | 'id' | 'durationMs'>;

interface Session {
  readonly feed: HistoryFeed;
  readonly results: AsyncIterator<ReplayResult>;
}

/** Replay workers that are kept: one takes about 7 MB, and an application may have a queue a customer. */
const MAX_SESSIONS = 8;

/**
 * Replay workers of this process, kept for as many histories as they can take: one for each task queue
 * and for recording or not. The namespace and the task queue are those of the execution, because code
 * may read both from `workflowInfo()`; the SDK's replay worker would show made-up ones.
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
    // The one that was used last goes last.
    this.sessions.delete(key);
    this.sessions.set(key, session);
    lastErrors.take();
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
    return { ...judge(result.error), ...(record ? this.recording.take() : {}) };
  }

  /** Opens a replay worker in the place of the one that was used longest ago, where there are many. */
  private async open(bundle: WorkflowBundleOption, taskQueue: string): Promise<Session> {
    const [oldest] = this.sessions;
    if (oldest !== undefined && this.sessions.size >= MAX_SESSIONS) {
      const [key, session] = oldest;
      this.sessions.delete(key);
      session.feed.end();
      // Its next word is that it has shut down; how it did concerns no history.
      await session.results.next().catch(() => undefined);
    }
    const feed = new HistoryFeed();
    const { workflowsPath: _, bundlerOptions: __, interceptors, ...rest } = this.options;
    const options = {
      ...rest,
      // With a ready bundle, modules would be warned about: they are in the bundle already.
      ...(interceptors === undefined
        ? {}
        : { interceptors: { ...interceptors, workflowModules: [] } }),
      workflowBundle: bundle,
      // The SDK spreads these over its made-up ones; their types leave them out.
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

/** The SDK's three answers: none, `DeterminismViolationError`, `ReplayError`. */
function judge(error: ReplayResult['error']): Result {
  const logged = lastErrors.take();
  if (error === undefined) return { outcome: 'passed' };
  if (error.name === 'DeterminismViolationError') {
    return { outcome: 'nondeterministic', message: messageOf(error) };
  }
  // On a real worker a failed workflow task leaves the execution stuck, retrying.
  if (/workflow task failure/u.test(error.message)) {
    const thrown = parseTaskFailure(error.message) ?? logged.at(-1);
    const encoding = /^Unknown encoding: (\S+)/u.exec(thrown?.message ?? '')?.[1];
    if (encoding !== undefined) {
      // The worker that wrote the history could read it: what differs is our set-up, not the code.
      return {
        outcome: 'errored',
        message:
          `its payloads are encoded as ${encoding}, which no converter or codec here decodes: set ` +
          "replay-options to a module that exports the worker's dataConverter, or codec-endpoint to a " +
          'codec server that decodes them before',
      };
    }
    return {
      outcome: 'task-failed',
      message: thrown?.message ?? messageOf(error),
      ...firstUserFrame(thrown?.stack),
    };
  }
  return { outcome: 'errored', message: messageOf(error) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
