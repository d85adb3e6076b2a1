import { UserError } from '../model/user-error.js';
import type { ReadyMessage, StartMessage } from './protocol.js';
import { ReachCollection, type ReachAnswer } from './reach-collection.js';
import type { ReadyReplayer, Replayers } from './replayers.js';
import { ReplayerProcess, type ReplayerCommand } from './replayer-process.js';

/** Starting a process costs about as much as this many histories of usual length. */
const HISTORIES_WORTH_A_PROCESS = 50;

/**
 * The replay processes of one run. The first is started at once, so that bundling overlaps listing and
 * reading; others only when there is work for them, because each costs about a second of CPU to start.
 */
export class ReplayerPool implements Replayers {
  private readonly command: ReplayerCommand;
  private readonly message: StartMessage;
  private readonly concurrency: number;
  private readonly signal: AbortSignal;
  private readonly all = new Set<ReplayerProcess>();
  private readonly closed = new AbortController();
  private readonly first: Promise<{ replayer: ReplayerProcess; ready: ReadyMessage }>;
  private readonly reachCollection = new ReachCollection();
  private firstTaken = false;
  private laneCount = 1;

  constructor(
    command: ReplayerCommand,
    message: StartMessage,
    concurrency: number,
    signal: AbortSignal,
  ) {
    this.command = command;
    this.message = message;
    this.concurrency = concurrency;
    this.signal = signal;
    this.first = this.start();
    // A cancelled job has seconds: a replay that is under way would take until its limit.
    signal.addEventListener('abort', () => this.close(), { once: true });
    // It is awaited later; until then a failure must not count as unhandled.
    this.first.catch(() => undefined);
  }

  async ready(): Promise<ReadyReplayer> {
    const { ready } = await this.first;
    return {
      language: ready.language,
      sdkName: ready.sdk.name,
      sdkVersion: ready.sdk.version,
      workflowTypes: ready.dynamic === true ? undefined : ready.workflowTypes,
    };
  }

  setWork(histories: number): void {
    const worthwhile = Math.ceil(histories / HISTORIES_WORTH_A_PROCESS);
    this.laneCount = Math.max(1, Math.min(this.concurrency, worthwhile));
  }

  lanes(work: (lane: number) => Promise<void>): Promise<void>[] {
    return Array.from({ length: this.laneCount }, (_, lane) => work(lane));
  }

  async take(_lane: number): Promise<ReplayerProcess> {
    // Waiting for the first means that its bundle is there for the others.
    const { replayer } = await this.first;
    if (!this.firstTaken && replayer.isUsable) {
      this.firstTaken = true;
      return replayer;
    }
    return (await this.start()).replayer;
  }

  async takeFresh(): Promise<ReplayerProcess> {
    await this.reachCollection.ask();
    this.endAll();
    return (await this.start()).replayer;
  }

  async reach(): Promise<ReachAnswer> {
    await this.reachCollection.ask();
    return this.reachCollection.answer;
  }

  /** Ends all processes, also those that are only starting, for good. */
  close(): void {
    this.closed.abort();
    this.endAll();
  }

  private endAll(): void {
    for (const replayer of this.all) replayer.kill();
    this.all.clear();
  }

  private async start(): Promise<{ replayer: ReplayerProcess; ready: ReadyMessage }> {
    const signal = AbortSignal.any([this.signal, this.closed.signal]);
    const result = await ReplayerProcess.start(this.command, this.message, signal);
    if (result.kind === 'failed') {
      throw new UserError({
        found: `The workflow code cannot be replayed: ${result.message}`,
        expected: 'an application that its worker could run',
        ...(result.hint === undefined ? {} : { fix: result.hint }),
      });
    }
    this.all.add(result.replayer);
    if (result.ready.reach === true) this.reachCollection.watch(result.replayer);
    return result;
  }
}
