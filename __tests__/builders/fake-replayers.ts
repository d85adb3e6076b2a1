import type { ResultMessage } from '../../src/replay/protocol.js';
import type { ReachAnswer } from '../../src/replay/reach-collection.js';
import type { ReplayRequest } from '../../src/replay/replay-line.js';
import type { ReplayerProcess, ReplayResult } from '../../src/replay/replayer-process.js';
import type { ReadyReplayer, Replayers } from '../../src/replay/replayers.js';

/** What a replayer answers: a result's own fields, or that there was none. */
export type Answer = Pick<ResultMessage, 'outcome'> & Partial<ResultMessage>;

/** `hangs`: there is none until the process is killed. */
export type AnswerTo = (
  message: ReplayRequest,
) => Answer | Exclude<ReplayResult, { kind: 'result' }> | 'hangs';

export const PASSED: AnswerTo = () => ({ outcome: 'passed' });

/** Replay processes that answer at once, by a function of what they are asked. */
export class FakeReplayers implements Replayers {
  readonly asked: ReplayRequest[] = [];
  readonly limits: number[] = [];
  /** Histories that were announced. */
  work: number | undefined;
  /** Processes that were given out. */
  taken = 0;
  workflowTypes: readonly string[] | undefined = ['orderWorkflow'];
  /** Further processes, in which chance decides otherwise. */
  furtherTaken = 0;
  language = 'typescript';
  chance: ReadyReplayer['chance'];
  takesAnyType = false;
  /** Processes that may be given out: the next one fails. */
  mostTaken = Infinity;
  /** Processes that work at a time. */
  count = 1;
  reached: ReachAnswer = 'not-counted';
  private readonly answer: AnswerTo;

  constructor(answer: AnswerTo = PASSED) {
    this.answer = answer;
  }

  ready(): Promise<ReadyReplayer> {
    return Promise.resolve({
      language: this.language,
      sdkName: '@temporalio/worker',
      sdkVersion: '1.24.0',
      workflowTypes: this.workflowTypes,
      ...(this.chance === undefined ? {} : { chance: this.chance }),
      ...(this.takesAnyType ? { takesAnyType: true } : {}),
    });
  }

  setWork(histories: number): void {
    this.work = histories;
  }

  lanes(work: (lane: number) => Promise<void>): Promise<void>[] {
    return [work(0)];
  }

  processes(work: (process: number) => Promise<void>): Promise<void>[] {
    return Array.from({ length: this.count }, (_, process) => work(process));
  }

  take(): Promise<ReplayerProcess> {
    if (this.taken === this.mostTaken) return Promise.reject(new Error('no more processes'));
    this.taken += 1;
    return Promise.resolve(this.process());
  }

  takeFresh(): Promise<ReplayerProcess> {
    return this.take();
  }

  async others(count: number, work: (replayer: ReplayerProcess) => Promise<void>): Promise<void> {
    for (let number = 1; number <= count; number += 1) {
      this.furtherTaken += 1;
      await work(this.process());
    }
  }

  get countsReach(): boolean {
    return this.reached !== 'not-counted';
  }

  reach(): Promise<ReachAnswer> {
    return Promise.resolve(this.reached);
  }

  private process(): ReplayerProcess {
    let isUsable = true;
    let stopped = (_answer: ReplayResult): void => undefined;
    const fake = {
      kill: () => {
        isUsable = false;
        stopped({ kind: 'stopped' });
      },
      get isUsable() {
        return isUsable;
      },
      replay: (message: ReplayRequest, limitMs: number): Promise<ReplayResult> => {
        this.asked.push(message);
        this.limits.push(limitMs);
        const answer = this.answer(message);
        if (answer === 'hangs') return new Promise((settle) => (stopped = settle));
        if ('kind' in answer) {
          isUsable = false;
          return Promise.resolve(answer);
        }
        const result: ResultMessage = { type: 'result', id: message.id, ...answer };
        return Promise.resolve({ kind: 'result', result });
      },
    };
    // The class has private parts that nobody here looks at.
    return fake as unknown as ReplayerProcess;
  }
}
