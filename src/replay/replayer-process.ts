import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { ENVIRONMENT } from './isolation.js';
import { type IsolatedProgram, type IsolationWay } from './isolation-way.js';
import { LineReader } from './line-reader.js';
import { LineWriter } from './line-writer.js';
import { keepOn } from './processors.js';
import {
  parseFromReplayer,
  type MessageToReplayer,
  type ReachedFile,
  type ReachedMessage,
  type ReadyMessage,
  type ReplayMessage,
  type ResultMessage,
  type StartMessage,
} from './protocol.js';
import { replayLine, type ReplayRequest } from './replay-line.js';
import { endGroup } from './run-isolated.js';

/** How a replayer is started. */
export interface ReplayerCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** The application's folder. */
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What separates it from us; absent: only its environment. */
  readonly isolation?: IsolationWay;
  /** Whether its threads take turns. Then it is faster on one processor than on several. */
  readonly threadsTakeTurns?: boolean;
  /** The variable with the seed of the language's hashing, where processes may differ in it. */
  readonly seedVariable?: string;
}

export type StartResult =
  | { readonly kind: 'ready'; readonly replayer: ReplayerProcess; readonly ready: ReadyMessage }
  | { readonly kind: 'failed'; readonly message: string; readonly hint?: string };

export type ReplayResult =
  | { readonly kind: 'result'; readonly result: ResultMessage }
  /** Its limit ran out; the process group has been killed. */
  | { readonly kind: 'timeout' }
  /** The process ended, or said something that the protocol does not know; it has been killed. */
  | { readonly kind: 'died'; readonly message: string }
  /** We stopped it. */
  | { readonly kind: 'stopped' };

/** The last bytes of the replayer's standard error are kept to explain its death. */
const KEPT_STDERR = 8 * 1024;

/** Milliseconds within which a replayer must be ready. Bundling a large application takes time. */
const START_TIMEOUT_MS = 180_000;

/**
 * Milliseconds to wait for the rest of a process's output after its end. A program that it started in another
 * process group can hold its pipes open for ever.
 */
const LAST_WORDS_MS = 1_000;

/** A process that still lives so many milliseconds after a signal counts as spared by it. */
const SPARED_MS = 500;

/** Why the process can no longer be used. */
type End = { readonly kind: 'died'; readonly message: string } | { readonly kind: 'stopped' };

/** A history that a replay process has, and has not answered. */
interface ReplayInFlight {
  readonly settle: (result: ReplayResult) => void;
  readonly limitMs: number;
  readonly sentAtMs: number;
  timer: NodeJS.Timeout;
}

/**
 * One replay process, in a process group of its own. Whatever the code under test does (loop, exit, print,
 * forge lines), each call here ends within its limit.
 */
export class ReplayerProcess {
  private readonly child: ChildProcess;
  private readonly program: IsolatedProgram;
  private readonly input: LineWriter | undefined;
  private stderr = '';
  private end: End | undefined;
  /** By the message's ID. */
  private readonly inFlight = new Map<string, ReplayInFlight>();
  private maxInFlight = 1;
  private lastResultAtMs = 0;
  private counting: ((message: ReachedMessage | End) => void) | undefined;
  private starting:
    ((message: ReadyMessage | End | { fatal: string; hint?: string }) => void) | undefined;

  private constructor(command: ReplayerCommand) {
    const way = command.isolation ?? ENVIRONMENT;
    this.program = way.isolate(command, { channel: true });
    this.child = spawn(this.program.file, this.program.args, {
      cwd: command.cwd,
      env: this.program.environment,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    living.set(this.child, way);
    let gone = (): void => undefined;
    const ending = new Promise<void>((resolve) => (gone = resolve));
    endings.add(ending);
    void ending.then(() => endings.delete(ending));
    const reader = new LineReader(
      (line) => this.receive(line),
      () => this.fail('it sent a line that is too long'),
    );
    this.child.stdout?.on('data', (chunk: Buffer) => reader.push(chunk));
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString('utf8')).slice(-KEPT_STDERR);
    });
    // A process that is gone is noticed by its exit; a broken pipe adds nothing.
    this.child.stdin?.on('error', () => undefined);
    this.child.stdin?.write(this.program.preamble);
    this.input = this.child.stdin === null ? undefined : new LineWriter(this.child.stdin);
    this.child.on('error', (error) => {
      // The process never started, so there is no exit to wait for.
      if (this.child.pid === undefined) {
        living.delete(this.child);
        gone();
      }
      this.fail(`it cannot be started: ${error.message}`);
    });
    this.child.on('exit', (code, signal) => {
      // Only now: once the group is empty, the system can give its number to another group.
      killGroup(this.child);
      living.delete(this.child);
      const over = (): void => {
        clearTimeout(patience);
        this.ended(code, signal);
        gone();
      };
      const patience = setTimeout(over, LAST_WORDS_MS);
      this.child.once('close', over);
    });
  }

  /** Starts a replayer and waits until it is ready, at most `timeoutMs`. Never rejects. */
  static async start(
    command: ReplayerCommand,
    message: StartMessage,
    signal: AbortSignal,
    timeoutMs = START_TIMEOUT_MS,
  ): Promise<StartResult> {
    if (signal.aborted) return { kind: 'failed', message: 'the run was stopped' };
    const replayer = new ReplayerProcess(command);
    const answer = await new Promise<ReadyMessage | End | { fatal: string; hint?: string }>(
      (resolve) => {
        replayer.starting = resolve;
        if (replayer.end !== undefined) resolve(replayer.end);
        const timer = setTimeout(
          () => replayer.fail(`it was not ready after ${timeoutMs / 1000} s`),
          timeoutMs,
        );
        const stop = (): void => replayer.kill();
        signal.addEventListener('abort', stop, { once: true });
        const settle = replayer.starting;
        replayer.starting = (value) => {
          clearTimeout(timer);
          signal.removeEventListener('abort', stop);
          settle(value);
        };
        replayer.send(message);
      },
    );
    if ('fatal' in answer) {
      replayer.kill();
      return {
        kind: 'failed',
        message: answer.fatal,
        ...(answer.hint === undefined ? {} : { hint: answer.hint }),
      };
    }
    if ('kind' in answer) {
      replayer.kill();
      return {
        kind: 'failed',
        message:
          answer.kind === 'died' ? `the replayer failed: ${answer.message}` : 'the run was stopped',
      };
    }
    replayer.maxInFlight = answer.concurrency ?? 1;
    return { kind: 'ready', replayer, ready: answer };
  }

  /** How many histories it may hold at a time. */
  get concurrency(): number {
    return this.maxInFlight;
  }

  get isUsable(): boolean {
    return this.end === undefined;
  }

  /**
   * Replays one history within `limitMs`, counted from its earliest possible start. Up to `concurrency` calls at
   * a time. When one takes too long or ends the process, the others end as `died`. Never rejects.
   */
  async replay(request: ReplayRequest, limitMs: number): Promise<ReplayResult> {
    const { id } = request;
    if (this.end !== undefined) return this.end;
    if (this.inFlight.size >= this.maxInFlight) throw new Error('it has enough histories already');
    if (this.inFlight.has(id)) throw new Error('it has this history already');
    return new Promise<ReplayResult>((settle) => {
      const timer = setTimeout(() => this.checkTime(id), limitMs);
      this.inFlight.set(id, { settle, limitMs, sentAtMs: performance.now(), timer });
      this.input?.write(replayLine(request));
    });
  }

  /**
   * A replayer that takes one history after the other starts the next when it has finished the one before. A
   * replayer that takes several may go on with others while one never ends. So time counts from the last result,
   * and it runs out at the latest after as many limits as the replayer may hold histories.
   */
  private checkTime(id: string): void {
    const asked = this.inFlight.get(id);
    if (asked === undefined) return;
    const leftMs = this.deadlineOf(asked) - performance.now();
    if (leftMs > 0) {
      asked.timer = setTimeout(() => this.checkTime(id), leftMs);
      return;
    }
    // Timers are not exact to the millisecond. Among several late histories, the one that was late first is to blame.
    const [lateId, late] = [...this.inFlight].reduce((first, other) =>
      this.deadlineOf(other[1]) < this.deadlineOf(first[1]) ? other : first,
    );
    clearTimeout(late.timer);
    this.inFlight.delete(lateId);
    late.settle({ kind: 'timeout' });
    this.fail('another history, which it replayed at the same time, took too long');
  }

  private deadlineOf({ sentAtMs, limitMs }: ReplayInFlight): number {
    return Math.min(
      Math.max(sentAtMs, this.lastResultAtMs) + limitMs,
      sentAtMs + limitMs * this.maxInFlight,
    );
  }

  /** Asks which lines have run, within `limitMs`; undefined when there is no answer. Never rejects. */
  async reach(limitMs: number): Promise<readonly ReachedFile[] | undefined> {
    if (this.inFlight.size > 0) throw new Error('a replay is under way');
    if (this.end !== undefined) return undefined;
    const answer = await new Promise<ReachedMessage | End>((resolve) => {
      const timer = setTimeout(() => this.kill(), limitMs);
      this.counting = (value) => {
        clearTimeout(timer);
        resolve(value);
      };
      this.send({ type: 'reach' });
    });
    return 'type' in answer ? answer.files : undefined;
  }

  /** Tells it that there is no more work. @returns whether it ended by itself within `limitMs`. Never rejects. */
  async endBy(how: 'message' | 'end of input', limitMs: number): Promise<boolean> {
    const ended = once(this.child, 'exit').then(() => true);
    if (how === 'message') this.send({ type: 'end' });
    else this.child.stdin?.end();
    return Promise.race([ended, sleep(limitMs, false, { ref: false })]);
  }

  /** Keeps it with all of its threads on one processor, where the machine can do that. */
  keepOn(processor: number): void {
    if (this.child.pid !== undefined) keepOn(processor, this.child.pid, this.program.environment);
  }

  /** Ends the whole process group at once. Safe to call at any time. */
  kill(): void {
    this.finish({ kind: 'stopped' });
    killForSure(this.child);
  }

  private send(message: Exclude<MessageToReplayer, ReplayMessage>): void {
    this.input?.write(`${JSON.stringify(message)}\n`);
  }

  private receive(line: string): void {
    if (this.end !== undefined) return;
    const message = parseFromReplayer(line);
    if (typeof message === 'string') {
      this.fail(`it sent ${message}`);
      return;
    }
    const { starting, counting } = this;
    switch (message.type) {
      case 'ready':
        if (starting === undefined) return this.fail('it said twice that it is ready');
        this.starting = undefined;
        return starting(message);
      case 'fatal':
        if (starting === undefined) return this.fail(message.message);
        this.starting = undefined;
        return starting({
          fatal: message.message,
          ...(message.hint === undefined ? {} : { hint: message.hint }),
        });
      case 'result': {
        // Only a history that it holds can have a result, and only one. Any other result is forged or confused.
        const answered = this.inFlight.get(message.id);
        if (answered === undefined) return this.fail('it sent a result that nobody asked for');
        this.inFlight.delete(message.id);
        clearTimeout(answered.timer);
        this.lastResultAtMs = performance.now();
        return answered.settle({ kind: 'result', result: message });
      }
      case 'reached':
        if (counting === undefined) return this.fail('it told its reach, which nobody asked for');
        this.counting = undefined;
        return counting(message);
    }
  }

  private ended(code: number | null, signal: NodeJS.Signals | null): void {
    const by = signal ?? this.signalOf(code);
    const how = by === undefined ? `with code ${String(code)}` : `by ${by}`;
    const last = this.stderr.trim().split('\n').slice(-5).join('\n');
    this.fail(`it ended ${how}${last === '' ? '' : `; its last words: ${last}`}`);
  }

  private fail(message: string): void {
    if (this.end !== undefined) return;
    this.finish({ kind: 'died', message });
    killForSure(this.child);
  }

  /** The signal that a shell which ended in the program's place tells of. */
  private signalOf(code: number | null): string | undefined {
    if (this.program.isDirect || code === null) return undefined;
    return Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
  }

  private finish(end: End): void {
    if (this.end !== undefined) return;
    this.end = end;
    const { starting, counting } = this;
    const inFlight = [...this.inFlight.values()];
    this.starting = undefined;
    this.inFlight.clear();
    this.counting = undefined;
    for (const { settle, timer } of inFlight) {
      clearTimeout(timer);
      settle(end);
    }
    counting?.(end);
    starting?.(end);
  }
}

const living = new Map<ChildProcess, IsolationWay>();

/**
 * The end of each started process, when nothing holds its pipes any more. In namespaces this comes after its exit:
 * the processes outside end at once, and then the kernel ends those inside.
 */
const endings = new Set<Promise<void>>();

/** Sends SIGKILL to the whole group: a replay worker in an endless loop ignores everything else. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || !living.has(child)) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group has ended already.
  }
}

/** The same, also for a process that has left its group. */
function killForSure(child: ChildProcess): void {
  killGroup(child);
  const way = living.get(child);
  if (way?.killGroup === undefined) return;
  // Its last process is ours and ends with the others. Processes of another user are ended as that user.
  setTimeout(() => {
    if (child.pid !== undefined && living.has(child)) endGroup(child.pid, way);
  }, SPARED_MS).unref();
}

/** Milliseconds to wait until the kernel has ended a killed process. */
const END_TIMEOUT_MS = 5_000;

/** Ends every remaining replay process at once. For the moment of our own exit. */
export function killAllReplayers(): void {
  for (const child of living.keys()) killGroup(child);
}

/** Ends every remaining replay process, and waits until all have ended. */
export async function endAllReplayers(): Promise<void> {
  for (const child of living.keys()) killForSure(child);
  await Promise.race([Promise.all(endings), sleep(END_TIMEOUT_MS, undefined, { ref: false })]);
}
