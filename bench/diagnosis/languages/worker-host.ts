import { createInterface } from 'node:readline';
import { startProcess, type OwnedProcess } from '../../../testing/processes.js';
import type { Poll, RunningWorker } from './language.js';

/**
 * One program that hosts all workers of a run, where starting one for each would take longer than all the
 * rest. It gets orders on standard input, one a line, of words with tabs between them: a number, what to do,
 * and what with. It answers each with a line of its number and `done`, or `failed` and why.
 */
export class WorkerHost {
  private readonly program: OwnedProcess;
  private readonly waiting = new Map<number, (answer: string) => void>();
  private orders = 0;

  private constructor(program: OwnedProcess) {
    this.program = program;
    const { stdout } = program.child;
    if (stdout === null) throw new Error('the host of the workers has no standard output');
    createInterface({ input: stdout }).on('line', (line) => {
      const [number = '', ...answer] = line.split('\t');
      this.waiting.get(Number(number))?.(answer.join('\t'));
    });
    void program.ended.then(() => {
      for (const settle of this.waiting.values()) settle('failed\tthe host of the workers ended');
    });
  }

  static async start(
    file: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
  ): Promise<WorkerHost> {
    const program = await startProcess(file, args, {
      env: { ...environment },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    return new WorkerHost(program);
  }

  /** @throws Error where it fails, with its words */
  async order(...words: readonly string[]): Promise<void> {
    await this.send(words).done;
  }

  /** @param what further words of the order that tell which code it runs */
  async startWorker(poll: Poll, ...what: readonly string[]): Promise<RunningWorker> {
    const { address, namespace, taskQueue } = poll;
    const { number, done } = this.send(['start', address, namespace, taskQueue, ...what]);
    await done;
    return {
      ended: this.program.ended,
      stop: () => this.order('stop', `${number}`),
    };
  }

  async close(): Promise<void> {
    this.program.child.stdin?.end();
    await this.program.ended;
  }

  private send(words: readonly string[]): { number: number; done: Promise<void> } {
    const number = (this.orders += 1);
    const answer = new Promise<string>((resolve) => {
      this.waiting.set(number, resolve);
      this.program.child.stdin?.write(`${[number, ...words].join('\t')}\n`);
    });
    const done = answer.then((text) => {
      this.waiting.delete(number);
      if (text !== 'done') throw new Error(`${words.join(' ')} ${text.replaceAll('\t', ': ')}`);
    });
    return { number, done };
  }
}
