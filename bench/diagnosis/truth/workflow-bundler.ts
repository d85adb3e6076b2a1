import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

interface Answer {
  readonly codePath: string;
  readonly problem?: string;
}

/**
 * Bundles workflow modules as their worker would, in a process of its own: it takes a second of CPU each,
 * and workers whose process is busy that long let their workflow tasks time out.
 */
export class WorkflowBundler {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<string, (answer: Answer) => void>();

  constructor() {
    this.child = fork(join(import.meta.dirname, 'bundler.mjs'), { execArgv: [] });
    this.child.on('message', (answer: Answer) => this.waiting.get(answer.codePath)?.(answer));
    this.child.on('exit', () => {
      for (const [codePath, settle] of this.waiting) settle({ codePath, problem: 'it ended' });
    });
  }

  async bundleTo(codePath: string, workflowsPath: string): Promise<void> {
    const answer = await new Promise<Answer>((resolve) => {
      this.waiting.set(codePath, resolve);
      this.child.send({ workflowsPath, codePath });
    });
    this.waiting.delete(codePath);
    if (answer.problem !== undefined) throw new Error(`it cannot be bundled: ${answer.problem}`);
  }

  stop(): void {
    this.child.kill();
  }
}
