import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OwnedProcess } from './processes.js';
import { splitLines, type RunnerCommands } from './runner-commands.js';

/** Milliseconds that the runner waits for the rest of the output once the process has ended. */
const DRAIN_MS = 5_000;

/** What a step prints, handed line by line to the runner's command parser as it arrives. */
export class ActionOutput {
  stdout = '';
  stderr = '';
  /** What came over the third channel, where there is one. */
  times = '';
  private readonly owned: OwnedProcess;
  private readonly streamsEnded: Promise<unknown>;
  private hasEnded = false;
  private readonly listeners = new Set<() => void>();

  constructor(owned: OwnedProcess, commands: RunnerCommands) {
    this.owned = owned;
    const [, stdout, stderr, times] = owned.child.stdio;
    const onLine = (line: string): void => commands.process(line);
    this.streamsEnded = Promise.all([
      this.read(stdout, (text) => (this.stdout += text), onLine),
      this.read(stderr, (text) => (this.stderr += text), onLine),
      this.read(times, (text) => (this.times += text)),
    ]);
  }

  /** Everything is read, or something that outlived the process holds its output open. */
  async drained(): Promise<void> {
    await this.owned.ended;
    const patience = new AbortController();
    const givenUp = sleep(DRAIN_MS, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([this.streamsEnded, givenUp]);
    patience.abort();
    this.hasEnded = true;
    this.notify();
  }

  /** Resolves when the condition holds after some output; rejects when there will be no more. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.hasEnded) throw new Error(`It ended before that, having printed:\n${this.stdout}`);
      await new Promise<void>((resolve) => this.listeners.add(resolve));
    }
  }

  private async read(
    stream: unknown,
    onText: (text: string) => void,
    onLine: (line: string) => void = () => undefined,
  ): Promise<void> {
    if (!isReadable(stream)) return;
    let rest = '';
    stream.setEncoding('utf8');
    for await (const text of stream as AsyncIterable<string>) {
      onText(text);
      rest += text;
      // A carriage return at the end may be half of a line end.
      const end = Math.max(rest.lastIndexOf('\n'), rest.lastIndexOf('\r', rest.length - 2)) + 1;
      for (const line of splitLines(rest.slice(0, end))) onLine(line);
      rest = rest.slice(end);
      this.notify();
    }
    for (const line of splitLines(rest)) onLine(line);
    this.notify();
  }

  private notify(): void {
    const waiting = [...this.listeners];
    this.listeners.clear();
    for (const listener of waiting) listener();
  }
}

function isReadable(stream: unknown): stream is Readable {
  return typeof stream === 'object' && stream !== null && 'setEncoding' in stream;
}
