import type { Isolation } from '../model/isolation.js';
import { UserError } from '../model/user-error.js';
import { allowedProcessors } from './processors.js';
import type { ReadyMessage, StartMessage } from './protocol.js';
import { ReachCollection, type ReachAnswer } from './reach-collection.js';
import type { ReadyReplayer, Replayers } from './replayers.js';
import { ReplayerProcess, type ReplayerCommand } from './replayer-process.js';

/** Starting a process costs about as much as replaying this many usual histories. */
const HISTORIES_WORTH_A_PROCESS = 50;

/** What all replay processes of one run have in common. */
export interface PoolSettings {
  /** How a process is started, and its first message. Computed once: a rejection fails the run. */
  readonly program: Promise<{
    readonly command: ReplayerCommand;
    readonly message: StartMessage;
    /** Milliseconds in which a process must be ready. */
    readonly startTimeoutMs?: number;
    /** The isolation of the command, for the report. */
    readonly isolation?: Isolation;
  }>;
  /** The most processes at a time. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** Says why the code that a replayer has loaded must not be replayed, or undefined. */
  readonly refuse?: (ready: ReadyMessage) => string | undefined;
  /** Ends the message when the code cannot be replayed: it says what decided the language. */
  readonly hint?: string;
}

/**
 * The replay processes of one run. The first starts at once, so that bundling overlaps listing and reading.
 * Others start only when there is work for them, because each start costs about a second of CPU.
 */
export class ReplayerPool implements Replayers {
  private readonly settings: PoolSettings;
  private readonly all = new Set<ReplayerProcess>();
  private readonly closed = new AbortController();
  private readonly first: Promise<{ replayer: ReplayerProcess; ready: ReadyMessage }>;
  private readonly reachCollection = new ReachCollection();
  /** The processes that the lanes share, by number. */
  private readonly atWork: Promise<ReplayerProcess>[] = [];
  private processCount = 1;
  private readonly processors = allowedProcessors();
  private lanesPerProcess = 1;

  constructor(settings: PoolSettings) {
    this.settings = settings;
    this.first = this.start();
    // A cancelled job has only seconds, and a replay under way could take until its limit.
    settings.signal.addEventListener('abort', () => this.close(), { once: true });
    this.first.then(
      ({ replayer }) => (this.lanesPerProcess = replayer.concurrency),
      // The first process is awaited later. Until then its failure must not count as unhandled.
      () => undefined,
    );
  }

  async ready(): Promise<ReadyReplayer> {
    const { ready } = await this.first;
    const { isolation } = await this.settings.program;
    return {
      language: ready.language,
      sdkName: ready.sdk.name,
      sdkVersion: ready.sdk.version,
      workflowTypes: ready.dynamic === true ? undefined : ready.workflowTypes,
      ...(isolation === undefined ? {} : { isolation }),
    };
  }

  setWork(histories: number): void {
    const worthwhile = Math.ceil(histories / HISTORIES_WORTH_A_PROCESS);
    this.processCount = Math.max(1, Math.min(this.settings.concurrency, worthwhile));
  }

  lanes(work: (lane: number) => Promise<void>): Promise<void>[] {
    const count = this.processCount * this.lanesPerProcess;
    return Array.from({ length: count }, (_, lane) => work(lane));
  }

  /** The lane's process. As many lanes share a process as it takes histories at a time. */
  async take(lane: number): Promise<ReplayerProcess> {
    // Once the first process is ready, the others can use its bundle.
    const { replayer: first } = await this.first;
    const number = lane % this.processCount;
    const current = (this.atWork[number] ??= this.seat(number, number === 0 ? first : undefined));
    const replayer = await current;
    if (replayer.isUsable) return replayer;
    // Only one of the lanes that share a process replaces it.
    if (this.atWork[number] === current) this.atWork[number] = this.seat(number);
    return this.atWork[number];
  }

  async takeIdle(): Promise<ReplayerProcess> {
    await this.first;
    for (const replayer of this.all) if (replayer.isIdle) return replayer;
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

  /** Ends all processes for good, also those that are still starting. */
  close(): void {
    this.closed.abort();
    this.endAll();
  }

  private endAll(): void {
    for (const replayer of this.all) replayer.kill();
    this.all.clear();
  }

  private async start(): Promise<{ replayer: ReplayerProcess; ready: ReadyMessage }> {
    const { program, refuse } = this.settings;
    const { command, message, startTimeoutMs, isolation } = await program;
    const signal = AbortSignal.any([this.settings.signal, this.closed.signal]);
    const result = await ReplayerProcess.start(command, message, signal, startTimeoutMs);
    if (result.kind === 'failed') {
      throw this.unreplayable(result.message, result.hint, lesserRung(isolation));
    }
    const refused = refuse?.(result.ready);
    if (refused !== undefined) {
      result.replayer.kill();
      throw this.unreplayable(refused);
    }
    this.all.add(result.replayer);
    if (result.ready.reach === true) this.reachCollection.watch(result.replayer);
    return result;
  }

  /** The process with that number, by default a new one. */
  private async seat(number: number, started?: ReplayerProcess): Promise<ReplayerProcess> {
    const replayer = started ?? (await this.start()).replayer;
    const { command } = await this.settings.program;
    // With fewer processes than processors, two of them could share one with other programs while others are free.
    const isFull = this.processCount >= this.processors.length;
    const processor = this.processors[number % this.processors.length];
    if (command.threadsTakeTurns === true && isFull && processor !== undefined) {
      replayer.keepOn(processor);
    }
    return replayer;
  }

  private unreplayable(problem: string, ...hints: (string | undefined)[]): UserError {
    const fixes = [...hints, this.settings.hint].filter((one) => one !== undefined);
    return new UserError({
      found: `The workflow code cannot be replayed: ${problem}`,
      expected: 'an application that its worker could run',
      ...(fixes.length === 0 ? {} : { fix: fixes.join('; ') }),
    });
  }
}

/** Code that runs on the machine may fail on a rung of isolation. */
function lesserRung(isolation: Isolation | undefined): string | undefined {
  if (isolation === undefined || isolation.rung === 'environment') return undefined;
  return `it was started with isolation ${isolation.rung}; if that stops it, set isolation to a lesser rung (docs/security.md)`;
}
