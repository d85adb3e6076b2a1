import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { JavaSdk } from '../../../../testing/java-sdk.js';
import { startProcess, type OwnedProcess } from '../../../../testing/processes.js';
import type { Code, Poll, RunningWorker } from '../language.js';

/** The one JVM that hosts all workers of a run: see Host.java. */
export class JavaHost {
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
    sdk: JavaSdk,
    environment: Readonly<Record<string, string>>,
  ): Promise<JavaHost> {
    const program = await startProcess(
      'java',
      ['-XX:+UseSerialGC', '-cp', sdk.classPath, join(import.meta.dirname, 'Host.java')],
      {
        // The SDK's guard against endless loops takes a busy machine for one.
        env: { ...environment, TEMPORAL_DEBUG: '1' },
        stdio: ['pipe', 'pipe', 'ignore'],
      },
    );
    return new JavaHost(program);
  }

  async compile({ folder }: Code): Promise<void> {
    await this.order('compile', folder).done;
  }

  async startWorker({ folder }: Code, poll: Poll): Promise<RunningWorker> {
    const { address, namespace, taskQueue } = poll;
    const { number, done } = this.order('start', address, namespace, taskQueue, folder);
    await done;
    return {
      ended: this.program.ended,
      stop: async () => {
        await this.order('stop', `${number}`).done;
      },
    };
  }

  async close(): Promise<void> {
    this.program.child.stdin?.end();
    await this.program.ended;
  }

  private order(...words: readonly string[]): { number: number; done: Promise<void> } {
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
