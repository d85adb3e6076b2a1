import type { Isolation } from '../model/isolation.js';
import { UserError } from '../model/user-error.js';
import { allowedProcessors } from './processors.js';
import type { ReadyMessage, StartMessage } from './protocol.js';
import { ReachCollection, type ReachAnswer } from './reach-collection.js';
import type { ReadyReplayer, Replayers } from './replayers.js';
import { ReplayerProcess, type ReplayerCommand } from './replayer-process.js';

/** Starting a process costs about as much as replaying this many usual histories. */
const HISTORIES_WORTH_A_PROCESS = 50;

/** The seed of the hashing of all processes but those that are to differ. */
const FIRST_SEED = 1;

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
  /** Called once, when the first process is ready. */
  readonly onReady?: (ready: ReadyMessage) => void;
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
      ({ replayer, ready }) => {
        this.lanesPerProcess = replayer.concurrency;
        settings.onReady?.(ready);
      },
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
      ...(ready.dynamic === true ? { takesAnyType: true } : {}),
      ...(ready.skipped === undefined || ready.skipped.length === 0
        ? {}
        : { skipped: ready.skipped }),
      ...(isolation === undefined ? {} : { isolation }),
      ...(ready.chance === undefined ? {} : { chance: ready.chance }),
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

  processes(work: (process: number) => Promise<void>): Promise<void>[] {
    return Array.from({ length: this.processCount }, (_, process) => work(process));
  }

  /** The lane's process. If a process takes several histories at a time, that many lanes share it. */
  async take(lane: number): Promise<ReplayerProcess> {
    // Once the first process is ready, the others can use its bundle.
    const { replayer: first } = await this.first;
    const number = lane % this.processCount;
    const current = (this.atWork[number] ??= this.startAt(
      number,
      number === 0 ? first : undefined,
    ));
    const replayer = await current;
    if (replayer.isUsable) return replayer;
    // Only one of the lanes that share a process replaces it.
    if (this.atWork[number] === current) this.atWork[number] = this.startAt(number);
    return this.atWork[number];
  }

  async others(count: number, work: (replayer: ReplayerProcess) => Promise<void>): Promise<void> {
    const seeds = Array.from({ length: count }, (_, number) => FIRST_SEED + 1 + number).values();
    const lane = async (): Promise<void> => {
      for (const seed of seeds) {
        const { replayer } = await this.start(seed);
        try {
          await work(replayer);
        } finally {
          replayer.kill();
          this.all.delete(replayer);
        }
      }
    };
    const lanes = Math.min(count, this.settings.concurrency);
    await Promise.all(Array.from({ length: lanes }, lane));
  }

  get countsReach(): boolean {
    return this.reachCollection.isCounting;
  }

  async takeFresh(): Promise<ReplayerProcess> {
    await this.reachCollection.ask();
    this.endAll();
    const { replayer } = await this.start();
    // Later work goes on with this process.
    this.atWork[0] = Promise.resolve(replayer);
    return replayer;
  }

  async reach(): Promise<ReachAnswer> {
    await this.reachCollection.ask();
    return this.reachCollection.answer;
  }

  /** Ends all processes for good, even those that are still starting. */
  close(): void {
    this.closed.abort();
    this.endAll();
  }

  private endAll(): void {
    for (const replayer of this.all) replayer.kill();
    this.all.clear();
  }

  /** @param seed of its hashing. What a history comes to must not depend on which process gets it. */
  private async start(
    seed = FIRST_SEED,
  ): Promise<{ replayer: ReplayerProcess; ready: ReadyMessage }> {
    const { program, refuse } = this.settings;
    const { command: unseeded, message, startTimeoutMs, isolation } = await program;
    const command = withSeed(unseeded, seed);
    const signal = AbortSignal.any([this.settings.signal, this.closed.signal]);
    const result = await ReplayerProcess.start(command, message, signal, startTimeoutMs);
    if (result.kind === 'failed') {
      throw this.unreplayable(result.message, result.hint, lesserRung(result.message, isolation));
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

  /** Starts the process with this number, or takes `started` as it, and may bind it to a processor. */
  private async startAt(number: number, started?: ReplayerProcess): Promise<ReplayerProcess> {
    const replayer = started ?? (await this.start()).replayer;
    const { command } = await this.settings.program;
    // With fewer processes than processors, a fixed processor could be busy with other programs while others are free.
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

function withSeed(command: ReplayerCommand, seed: number): ReplayerCommand {
  const { seedVariable, environment } = command;
  if (seedVariable === undefined) return command;
  return { ...command, environment: { ...environment, [seedVariable]: String(seed) } };
}

/**
 * How systems, runtimes and `sudo` say that the system refused something. A rung takes away permissions, groups
 * and the sight of other processes, so a failure that it causes has one of these forms. They are narrow, because
 * services use the same words about their own rights ("permission denied for table"). Python names the command
 * that failed and not why; `sudo` fails on every rung.
 */
const REFUSED_BY_SYSTEM = [
  /\b(?:EACCES|EPERM|ESRCH)\b/u,
  /\[Errno (?:1|3|13)\]/u,
  /(?:[:(]|error=\d+,) ?(?:permission denied|operation not permitted|no such process)\)?(?=$|[;'"]| at )/imu,
  /\bjava\.nio\.file\.AccessDeniedException\b/u,
  /\bno new privileges\b/u,
  /\bCommand '(?:\[')?sudo\b/u,
];

/**
 * What to do about a failure that the isolation may have caused. With any other failure this advice would only make
 * people weaken their security, so it is given only where the failure says that the system refused something.
 */
function lesserRung(failure: string, isolation: Isolation | undefined): string | undefined {
  if (isolation === undefined || isolation.rung === 'environment') return undefined;
  if (!REFUSED_BY_SYSTEM.some((form) => form.test(failure))) return undefined;
  return `isolation ${isolation.rung} takes away sudo, groups such as Docker's, and the sight of other processes: do what needs them in an earlier step, or set isolation to a lesser rung (docs/security.md)`;
}
